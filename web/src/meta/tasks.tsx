// What is to be done on a record, by whom and until when; one's own are done from here.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Ellipsis, ListPlus, Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Problem, type Row, get, send } from '../api/client.ts';
import { plusDays } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { type Task, type Tasks, standing } from '../lib/talk.ts';
import { useKeyOf, useTasks } from '../lib/talk-data.ts';
import { DayInput } from '../ui/day-input.tsx';
import { Menu } from '../ui/menu.tsx';
import { Button, Labelled, Note, Tag } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason } from '../ui/toast.tsx';
import { type Entity, useEntityQuery } from './meta.ts';
import { useRefresh, useVerb } from './verbs.tsx';

const KINDS = ['other', 'call', 'mail', 'visit', 'meeting'];
/** Ended ones that are shown until somebody asks for all. */
const ENDED = 3;

export function TaskCard({ collection, id }: { collection: string; id: string }) {
  const { t } = useWords();
  const asked = useTasks(collection, id);
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const rows = asked.data?.rows ?? [];
  const ended = rows.filter((one) => one.ended_at);
  const shown = [...rows.filter((one) => !one.ended_at), ...(all ? ended : ended.slice(0, ENDED))];
  return (
    <section className="card">
      <header>
        <h2>{t('tasks')}</h2>
        <span className="sp" />
        {!adding && (
          <Button onClick={() => setAdding(true)}>
            <ListPlus size={15} aria-hidden />
            {t('task-new')}
          </Button>
        )}
      </header>
      <div className="in stack">
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {adding && <NewTask collection={collection} id={id} close={() => setAdding(false)} />}
        {asked.data && rows.length === 0 && !adding && <p className="muted">{t('tasks-none')}</p>}
        {asked.data && shown.length > 0 && <TaskList tasks={{ ...asked.data, rows: shown }} />}
        {ended.length > ENDED && (
          <Button kind="ghost" onClick={() => setAll(!all)}>
            {all ? t('detail-less') : t('tasks-all', { count: ended.length })}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Tasks with the steps that their reader may take. */
export function TaskList({ tasks, about = false }: { tasks: Tasks; about?: boolean }) {
  const entity = useEntityQuery('task').data;
  return (
    <ul className="plain tasks">
      {tasks.rows.map((one) => (
        <Item key={one.id} one={one} tasks={tasks} entity={entity} about={about} />
      ))}
    </ul>
  );
}

type ItemProps = { one: Task; tasks: Tasks; entity: Entity | undefined; about: boolean };

function Item({ one, tasks, entity, about }: ItemProps) {
  const { t, words } = useWords();
  const { user } = useMe();
  const when = standing(one, tasks.today);
  const name = (id: string): string => (id === user.id ? t('task-me') : (tasks.people[id] ?? id));
  const who =
    one.for_user === one.asked_by
      ? name(one.for_user)
      : t('task-who', { asked: name(one.asked_by), whom: name(one.for_user) });
  return (
    <li className={when === 'ended' ? 'ended' : undefined}>
      <span className="grow">
        <span>
          {one.kind !== 'other' && <Tag>{words.option('task', 'kind', one.kind)}</Tag>} {one.title}
        </span>
        {one.details && <small className="muted said">{one.details}</small>}
        {about && one.document && (
          <small>
            <Link
              to="/$collection/$id"
              params={{ collection: one.document.collection, id: one.document.id }}
            >
              {words.entity(one.document.entity)} {one.document.title}
            </Link>
          </small>
        )}
        <small className="muted">
          {who}
          {one.due && when !== 'ended' && (
            <>
              {' · '}
              <span className={when === 'late' ? 'late' : undefined}>
                {when === 'today' ? t('task-today') : t(`task-${when}`, { day: one.due })}
              </span>
            </>
          )}
          {one.state !== 'todo' && ` · ${words.state('task', one.state)}`}
          {one.outcome && ` · ${one.outcome}`}
        </small>
      </span>
      {entity && one.verbs.length > 0 && <Steps one={one} entity={entity} />}
    </li>
  );
}

function Steps({ one, entity }: { one: Task; entity: Entity }) {
  const { t, words } = useWords();
  const refresh = useRefresh();
  const { run, running, dialog } = useVerb(entity);
  const row = one as unknown as Row;
  const complete = useMutation({
    mutationFn: () => send(`tasks/${one.id}/complete`, {}, { version: one.version }),
    onSettled: refresh,
  });
  const rest = one.verbs.filter((verb) => !['start', 'complete'].includes(verb));
  const step = (verb: string): string => words.verb('task', verb);
  return (
    <span className="rowx steps">
      {one.verbs.includes('start') && (
        <button
          type="button"
          className="btn icon"
          aria-label={`${step('start')}: ${one.title}`}
          title={step('start')}
          disabled={running !== ''}
          onClick={() => void run('start', row)}
        >
          <Play aria-hidden />
        </button>
      )}
      {one.verbs.includes('complete') && (
        <button
          type="button"
          className="btn icon"
          aria-label={`${step('complete')}: ${one.title}`}
          title={step('complete')}
          disabled={complete.isPending}
          onClick={() => complete.mutate()}
        >
          <Check aria-hidden />
        </button>
      )}
      {rest.length > 0 && (
        <Menu
          trigger={
            <button
              type="button"
              className="btn icon"
              aria-label={`${t('more-actions')}: ${one.title}`}
            >
              <Ellipsis aria-hidden />
            </button>
          }
          items={[
            ...(one.verbs.includes('complete')
              ? [{ key: 'told', label: t('task-complete-told'), run: () => void run('complete', row) }]
              : []),
            ...rest.map((verb) => ({ key: verb, label: step(verb), run: () => void run(verb, row) })),
          ]}
        />
      )}
      {dialog}
      {complete.error && <Note tone="bad">{reason(complete.error, t)}</Note>}
    </span>
  );
}

/** For me and until tomorrow, unless one says otherwise. */
function NewTask({ collection, id, close }: { collection: string; id: string; close: () => void }) {
  const { t, words } = useWords();
  const { user, today } = useMe();
  const client = useQueryClient();
  const [wish, setWish] = useState({
    title: '',
    for_user: user.id,
    due: plusDays(today, 1),
    kind: 'other',
    details: '',
  });
  const keyOf = useKeyOf();
  const readers = {
    key: `${collection}/${id}`,
    rows: (q: string) =>
      get<{ rows: Row[] }>(`${collection}/${id}/people`, { q }).then((found) => found.rows),
  };
  const ask = useMutation({
    mutationFn: () => {
      const said = cleaned(wish);
      return send(`${collection}/${id}/tasks`, said, { key: keyOf(JSON.stringify(said)) });
    },
    onSuccess: async () => {
      close();
      await client.invalidateQueries({ queryKey: ['facts', collection, id] });
      await client.invalidateQueries({ queryKey: ['my-tasks'] });
    },
  });
  const sent = (event: FormEvent): void => {
    event.preventDefault();
    if (!ask.isPending) ask.mutate();
  };
  const set = (name: keyof typeof wish) => (value: string) =>
    setWish((now) => ({ ...now, [name]: value }));
  const field = (name: keyof typeof wish) => words.field('task', name);
  const at = (name: string): string | undefined =>
    ask.error instanceof Problem && ask.error.field === name ? ask.error.title : undefined;
  const told = Object.keys(wish).some((name) => at(name) !== undefined);
  return (
    <form className="stack" onSubmit={sent}>
      {ask.error && !told && <Note tone="bad">{reason(ask.error, t)}</Note>}
      <Labelled label={field('title')} required error={at('title')}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            autoFocus
            maxLength={200}
            placeholder={t('task-title-hint')}
            value={wish.title}
            onChange={(e) => set('title')(e.target.value)}
          />
        )}
      </Labelled>
      <div className="two-fields">
        <Labelled label={field('for_user')} error={at('for_user')}>
          {(ids) => (
            <Picker
              {...ids}
              entity="user"
              value={wish.for_user}
              beside="login"
              source={readers}
              onPick={(user) => set('for_user')(user)}
            />
          )}
        </Labelled>
        <Labelled label={field('due')} error={at('due')}>
          {(ids) => <DayInput {...ids} value={wish.due} set={set('due')} />}
        </Labelled>
      </div>
      <Labelled label={field('kind')} error={at('kind')}>
        {(ids) => (
          <select
            {...ids}
            className="select"
            value={wish.kind}
            onChange={(e) => set('kind')(e.target.value)}
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {words.option('task', 'kind', one)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={field('details')} error={at('details')}>
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            rows={2}
            maxLength={2000}
            value={wish.details}
            onChange={(e) => set('details')(e.target.value)}
          />
        )}
      </Labelled>
      <div className="rowx">
        <span className="sp" />
        <Button onClick={close}>{t('back')}</Button>
        <Button kind="primary" type="submit" busy={ask.isPending} disabled={wish.title.trim() === ''}>
          {t('task-ask')}
        </Button>
      </div>
    </form>
  );
}

const cleaned = <T extends object>(wish: T): Partial<T> =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== '')) as Partial<T>;
