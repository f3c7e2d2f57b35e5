// The inbox: holds and approvals that are mine to decide, results of long work, what failed.
import { Link } from '@tanstack/react-router';
import {
  AtSign,
  ChartLine,
  CircleAlert,
  CircleCheck,
  Hand,
  ListTodo,
  type LucideIcon,
  MessageSquare,
  Stamp,
  Unplug,
} from 'lucide-react';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { type Notice, useInbox, useMark } from '../lib/inbox.ts';
import type { Names } from '../lib/talk.ts';
import { useMyTasks } from '../lib/talk-data.ts';
import { Said } from '../meta/comments.tsx';
import { TaskList } from '../meta/tasks.tsx';
import { Button, Empty, Loading, Note, Tag } from '../ui/parts.tsx';
import { reason, useToastProblem } from '../ui/toast.tsx';

const ICONS: Record<Notice['kind'], LucideIcon> = {
  hold: Hand,
  approval: Stamp,
  work_done: CircleCheck,
  work_died: CircleAlert,
  webhook_off: Unplug,
  figure: ChartLine,
  scorecard: ChartLine,
  mention: AtSign,
  answer: MessageSquare,
  task: ListTodo,
  task_ended: CircleCheck,
};

export function InboxScreen() {
  const { t } = useWords();
  const asked = useInbox(true);
  const mark = useMark();
  const problem = useToastProblem();
  const rows = asked.data?.rows ?? [];
  const people = asked.data?.people ?? {};
  const open = rows.filter((n) => !n.settled_at);
  const settled = rows.filter((n) => n.settled_at);
  const unread = open.filter((n) => !n.read_at).map((n) => n.id);
  const set = (ids: string[], read: boolean): void => mark.mutate({ ids, read }, { onError: problem });
  return (
    <div className="page narrow">
      <div className="head">
        <h1>{t('inbox')}</h1>
        <span className="sp" />
        {unread.length > 0 && (
          <Button onClick={() => set(unread, true)} busy={mark.isPending}>
            {t('inbox-read-all')}
          </Button>
        )}
      </div>
      <MyTasks />
      {asked.isPending && <Loading />}
      {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
      {asked.data && open.length === 0 && (
        <Empty title={t('inbox-empty')} text={t('inbox-empty-text')} />
      )}
      {open.length > 0 && (
        <section className="card" aria-label={t('inbox-open')}>
          <ul className="plain inbox">
            {open.map((one) => (
              <Item key={one.id} one={one} people={people} set={set} />
            ))}
          </ul>
        </section>
      )}
      {settled.length > 0 && (
        <section className="card">
          <header>
            <h2>{t('inbox-settled')}</h2>
          </header>
          <ul className="plain inbox">
            {settled.map((one) => (
              <Item key={one.id} one={one} people={people} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** What I am to do, then what I asked of others: first what is late. */
function MyTasks() {
  const { t } = useWords();
  const asked = useMyTasks();
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data || asked.data.rows.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('tasks')}</h2>
        <span className="sp" />
        <Link to="/$collection" params={{ collection: 'tasks' }}>
          {t('tasks-list')}
        </Link>
      </header>
      <div className="in">
        <TaskList tasks={asked.data} about />
      </div>
    </section>
  );
}

type ItemProps = {
  one: Notice;
  people: Names;
  set?: (ids: string[], read: boolean) => void;
};

function Item({ one, people, set }: ItemProps) {
  const { t, words } = useWords();
  const Icon = ICONS[one.kind];
  const isNew = !one.read_at && !one.settled_at;
  const why = whyOf(one, words.option.bind(words), t);
  const document = one.document;
  return (
    <li className={isNew ? 'new' : undefined}>
      <Icon size={18} aria-hidden />
      <span className="grow">
        <span>
          <b>{t(`inbox-${one.kind.replace('_', '-')}`)}</b>
          {why && <Tag>{why}</Tag>}
          {isNew && <Tag tone="info">{t('inbox-new')}</Tag>}
        </span>
        {one.text && (
          <span className="said">
            {one.by && <b>{people[one.by]}: </b>}
            <Said text={one.text} people={people} />
          </span>
        )}
        <small className="muted">
          {document ? (
            <Link
              to="/$collection/$id"
              params={{ collection: document.collection, id: document.id }}
              onClick={() => set && isNew && set([one.id], true)}
            >
              {words.entity(document.entity)} {document.title}
            </Link>
          ) : (
            t('ref-unknown')
          )}{' '}
          · {instant(one.at)}
        </small>
      </span>
      {set && (
        <Button onClick={() => set([one.id], isNew)}>
          {isNew ? t('inbox-mark-read') : t('inbox-mark-unread')}
        </Button>
      )}
    </li>
  );
}

/** The hold's kind or the job's, in words; an error's code says nothing to people. */
function whyOf(
  one: Notice,
  option: (entity: string, field: string, value: string) => string,
  t: (key: string, args?: Record<string, string>) => string,
): string {
  if (!one.reason || one.reason.includes('.')) return '';
  if (one.kind === 'hold') return option('hold', 'kind', one.reason);
  if (one.kind === 'figure') return t(one.reason === 'red' ? 'band-red' : `signal-${one.reason}`);
  if (one.kind === 'scorecard') {
    const [red = '', amber = '', green = ''] = one.reason.split('/');
    return t('inbox-bands', { red, amber, green });
  }
  if (one.kind === 'task' || one.kind === 'task_ended') return t(`inbox-task-${one.reason}`);
  if (one.kind === 'work_done') return option('job', 'kind', one.reason);
  return '';
}
