// One row of any entity at `/{collection}/{id}`: what it is, what may be done, what happened.
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Ellipsis, Lock, Pencil, Printer } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { NotFound, ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Menu } from '../ui/menu.tsx';
import { Button, Tag, toneOf } from '../ui/parts.tsx';
import { toast } from '../ui/toast.tsx';
import { EditForm } from './entity-form.tsx';
import { Lines } from './lines.tsx';
import { type Entity, type Field, isForPeople, useEntity, useIndex } from './meta.ts';
import { Related } from './related.tsx';
import { Crumb, useRow } from './row.tsx';
import { registry } from './registry.ts';
import { Value, entityOf, isNothing, isProgress } from './show.tsx';
import { Files } from './files.tsx';
import { TaskCard } from './tasks.tsx';
import { Timeline } from './timeline.tsx';
import { type Opened, isGrave, useVerb } from './verbs.tsx';

export function DetailScreen() {
  const { collection, id } = useParams({ strict: false }) as { collection: string; id: string };
  const known = useIndex().find((e) => e.collection === collection);
  if (!known || !/^\d+$/.test(id)) return <NotFound />;
  return <Detail key={id} name={known.name} id={id} />;
}

function Detail({ name, id }: { name: string; id: string }) {
  const entity = useEntity(name);
  const asked = useRow(entity.collection, id);
  const [editing, setEditing] = useState(false);
  if (!asked.data)
    return asked.error ? (
      <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />
    ) : (
      <ScreenWaits />
    );
  const row = asked.data;
  const Top = registry[name]?.top;
  return (
    <div className="page">
      <Head entity={entity} row={row} edit={entity.writes ? () => setEditing(true) : undefined} />
      {Top && (
        <Suspense>
          <Top entity={entity} row={row} />
        </Suspense>
      )}
      <div className="detail">
        <div className="stack">
          {entity.grade === 'document' && <AllLines entity={entity} row={row} />}
          {editing ? (
            <EditForm entity={entity} row={row} close={() => setEditing(false)} />
          ) : (
            <Fields entity={entity} row={row} />
          )}
          {entity.grade !== 'document' && <AllLines entity={entity} row={row} />}
          <Related entity={entity} row={row} />
        </div>
        <aside className="stack">
          {entity.name !== 'task' && <TaskCard collection={entity.collection} id={id} />}
          <Files collection={entity.collection} id={id} />
          <Timeline entity={entity} id={id} />
        </aside>
      </div>
    </div>
  );
}

function AllLines({ entity, row }: { entity: Entity; row: Row }) {
  if (registry[entity.name]?.topShowsLines) return null;
  return entity.lines.map((line) => (
    <Lines
      key={line.name}
      line={line}
      parent={row}
      rows={(row[line.collection] as Row[] | undefined) ?? []}
    />
  ));
}

/** What people call the row. */
export function titleOf(row: Row, entity: Entity): string {
  return entity.title === 'id' ? '' : String(row[entity.title] ?? '');
}

function Head({ entity, row, edit }: { entity: Entity; row: Row; edit: (() => void) | undefined }) {
  const { words, t } = useWords();
  // What has no name is called by the first thing that is said of it.
  const told = entity.fields.find(
    (f) => f.type === 'text' && f.in_list && (f.max ?? 0) > 60 && row[f.name],
  );
  const title =
    titleOf(row, entity) ||
    (entity.title === 'id' ? String((told && row[told.name]) ?? '') : t('no-number'));
  const state = typeof row['state'] === 'string' ? row['state'] : '';
  const shownTitle =
    entity.name === 'role' ? (words.find(`role-${title.replaceAll('_', '-')}`) ?? title) : title;
  const progress = entity.fields.filter(isProgress);
  const isLive = state !== 'draft' && state !== 'cancelled';
  return (
    <>
      <Crumb entity={entity} />
      <div className="head">
        <h1>
          <span className="kind">{words.entity(entity.name)}</span> {shownTitle}
        </h1>
        {state && <Tag tone={toneOf(state)}>{words.state(entity.name, state)}</Tag>}
        {isLive &&
          progress.map((f) => <Value key={f.name} owner={entity.name} field={f} row={row} />)}
        {Number(row['holds'] ?? 0) > 0 && (
          <Tag tone="bad">{t('holds-count', { count: Number(row['holds']) })}</Tag>
        )}
        <span className="sp" />
        {edit && (
          <Button onClick={edit}>
            <Pencil aria-hidden />
            {t('edit')}
          </Button>
        )}
        {registry[entity.name]?.printed && (
          <Link
            className="btn icon"
            aria-label={t('print')}
            title={t('print')}
            to="/$collection/$id/print"
            params={{ collection: entity.collection, id: row.id }}
          >
            <Printer aria-hidden />
          </Link>
        )}
        <Actions entity={entity} row={row} />
      </div>
    </>
  );
}

const SHOWN = 3;

/** Verbs that a hand-made part of the same screen runs. */
const ELSEWHERE = new Set([
  'party.set_credit_limit',
  'party.set_credit_state',
  'statement.confirm',
  'statement.differ',
  'user.assign_role',
  'user.withdraw_role',
  'role.grant',
  'role.withdraw_grant',
]);

/** Verbs that have a screen of their own: the way to it. */
const ROUTED: Record<string, (row: Row) => { to: string; search?: Record<string, string> }> = {
  'payment.allocate': (row) => ({ to: '/matching', search: { payment: row.id } }),
  'quote.revise': (row) => ({ to: '/quotes/new', search: { revise: row.id } }),
};

/** What carries the work on comes first; what only changes, or gives back, last. */
function rank(entity: Entity, verb: string): number {
  if (['change', 'promise', 'return', 'give_back', 'pool', 'pause', 'perform', 'reopen'].includes(verb)) return 2;
  return entity.moves.some((m) => m.verb === verb && m.from !== m.to) ? 0 : 1;
}

/** Open verbs as buttons; closed ones in the menu, each with its reason. */
export function Actions({ entity, row }: { entity: Entity; row: Row }) {
  const { words, t } = useWords();
  const { run: runHere, running, dialog } = useVerb(entity);
  const navigate = useNavigate();
  const run = (verb: string, on: Row): void => {
    const route = ROUTED[`${entity.name}.${verb}`];
    if (route) void navigate(route(on) as never);
    else void runHere(verb, on);
  };
  const steps = ((row['verbs'] as Opened[] | undefined) ?? []).filter(
    (s) =>
      entity.verbs.some((v) => v.name === s.verb && v.may) &&
      !ELSEWHERE.has(`${entity.name}.${s.verb}`),
  );
  const open = steps
    .filter((s) => s.open)
    .sort((a, b) => rank(entity, a.verb) - rank(entity, b.verb));
  const closed = steps.filter((s) => !s.open);
  const shown = open.filter((s) => !isGrave(s.verb) || s.verb === 'post').slice(0, SHOWN);
  const hidden = open.filter((s) => !shown.includes(s));
  if (steps.length === 0) return null;
  return (
    <div className="rowx actions">
      {shown.map((step, at) => (
        <Button
          key={step.verb}
          kind={at === 0 ? 'primary' : ''}
          busy={running === step.verb}
          disabled={running !== ''}
          onClick={() => run(step.verb, row)}
        >
          {words.verb(entity.name, step.verb)}
        </Button>
      ))}
      {hidden.length + closed.length > 0 && (
        <Menu
          trigger={
            <button type="button" className="btn icon" aria-label={t('more-actions')}>
              <Ellipsis aria-hidden />
            </button>
          }
          items={[
            ...hidden.map((step) => ({
              key: step.verb,
              label: words.verb(entity.name, step.verb),
              run: () => run(step.verb, row),
            })),
            ...(hidden.length > 0 && closed.length > 0 ? (['line'] as const) : []),
            ...closed.map((step) => ({
              key: step.verb,
              icon: <Lock aria-hidden />,
              label: (
                <span className="closed-step">
                  {words.verb(entity.name, step.verb)}
                  <small>{step.why?.title}</small>
                </span>
              ),
              run: () => toast(step.why?.title ?? '', { tone: 'bad' }),
            })),
          ]}
        />
      )}
      {dialog}
    </div>
  );
}

function Fields({ entity, row }: { entity: Entity; row: Row }) {
  const { words, t } = useWords();
  const [all, setAll] = useState(false);
  const { company } = useMe();
  // What is the same for every row here says nothing: one's own company, its own currency. What
  // names a record that has no page has nothing to lead to.
  const usual = (f: Field): boolean =>
    (f.type === 'ref' && !entityOf(f, row)) ||
    (f.name === 'company' && row[f.name] === company.id) ||
    (f.name === 'rate' && Number(row[f.name]) === 1);
  const people = entity.fields.filter(
    (f) =>
      isForPeople(f) &&
      f.name !== entity.title &&
      f.name !== 'state' &&
      !isProgress(f) &&
      !usual(f),
  );
  const shown = people.filter((f) => all || !isNothing(f, row[f.name]));
  const empty = people.length - people.filter((f) => !isNothing(f, row[f.name])).length;
  return (
    <section className="card">
      <header>
        <h2>{t('detail-fields')}</h2>
        <span className="sp" />
        {empty > 0 && (
          <Button kind="ghost" onClick={() => setAll(!all)} aria-pressed={all}>
            {all ? t('detail-less') : t('detail-all', { count: empty })}
          </Button>
        )}
      </header>
      <dl className="in facts">
        {shown.map((field) => (
          <div key={field.name} className={field.type === 'long_text' ? 'wide' : undefined}>
            <dt>{words.field(entity.name, field.name)}</dt>
            <dd>
              {isNothing(field, row[field.name]) && field.type !== 'flag' ? (
                <span className="muted">–</span>
              ) : (
                <Value owner={entity.name} field={field} row={row} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
