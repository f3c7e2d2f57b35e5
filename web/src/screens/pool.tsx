// The pool: leads that nobody owns, why they are there and for how long; one takes some, whoever
// hands out assigns them, and what one cannot use goes back with a reason.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search, UserRoundPlus, Waves } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { type Page, type Row, get, list, newKey, send } from '../api/client.ts';
import { lasted } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { count, isZero, money } from '../lib/number.ts';
import { useMay, useMe } from '../lib/session.tsx';
import { type Entity, useEntity } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { useRefresh, useVerb } from '../meta/verbs.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failed } from '../ui/frames.tsx';
import { Button, Empty, Labelled, Loading, Note, Tag, toneOf } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason, toast } from '../ui/toast.tsx';

type Asked = Page & { held: number; most: number | null; rest_days: number };
type Search = { look?: string; q?: string; sort?: string };
type Result = { id: string; result: 'done' | 'already' | 'refused'; problem?: { title: string } };

const FIELDS =
  'number,name,company_name,origin,region,need,est_amount,currency,came_on,pooled_at,return_reason,given_back_by,version,state';
const SORTS = ['pooled_at', '-est_amount'];

export function Pool() {
  const { t } = useWords();
  const entity = useEntity('lead');
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = (change: Partial<Search>): void =>
    void navigate({
      to: '/pool',
      search: (now: Search) => ({ ...now, ...change }),
      replace: true,
    } as never);
  const asked = useQuery({
    queryKey: ['pool', search.q, search.sort],
    queryFn: () =>
      get<Asked>('leads/pool', {
        fields: FIELDS,
        q: search.q,
        sort: search.sort ?? SORTS[0],
        limit: 200,
      }),
    placeholderData: keepPreviousData,
    // Others take from it all day.
    refetchInterval: 30_000,
  });
  const mine = search.look === 'mine';
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-pool')}</h1>
        {asked.data && <Held asked={asked.data} />}
        <span className="sp" />
        <div className="seg" role="group" aria-label={t('view')}>
          {['pool', 'mine'].map((look) => (
            <button
              key={look}
              type="button"
              aria-pressed={mine === (look === 'mine')}
              onClick={() => set({ look: look === 'mine' ? look : undefined } as Partial<Search>)}
            >
              {t(`pool-look-${look}`)}
            </button>
          ))}
        </div>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.refetch} />}
      {!asked.data && !asked.error && <Loading lines={8} />}
      {asked.data && (mine ? <Mine entity={entity} /> : <There asked={asked.data} search={search} set={set} entity={entity} />)}
    </div>
  );
}

function Held({ asked }: { asked: Asked }) {
  const { t, lang } = useWords();
  const most = asked.most === null ? '' : count(lang, asked.most);
  const isFull = asked.most !== null && asked.held >= asked.most;
  return (
    <span className={isFull ? 'sub late' : 'sub'}>
      {t('pool-held', { held: count(lang, asked.held), most, limited: most ? 'yes' : 'no' })}
    </span>
  );
}

/** Runs one verb on some leads; says which were refused, and why. A refused one is gone from the
 * list as a rule: what it is called is kept from before. */
function useMany(name: (id: string) => string, done: () => void) {
  const { t, lang } = useWords();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<(Result & { called: string })[]>([]);
  const run = async (verb: string, ids: string[], body: Record<string, unknown> = {}) => {
    setBusy(true);
    const names = new Map(ids.map((id) => [id, name(id)]));
    try {
      const answer = await send<{ results: Result[] }>(
        `leads/bulk/${verb}`,
        { ids, ...body },
        { key: newKey() },
      );
      const bad = answer.results.filter((r) => r.result === 'refused');
      setRefused(bad.map((r) => ({ ...r, called: names.get(r.id) ?? '' })));
      toast(
        t('bulk-done', {
          done: count(lang, answer.results.length - bad.length),
          bad: count(lang, bad.length),
          any: bad.length > 0 ? 'yes' : 'no',
        }),
        { tone: bad.length > 0 ? 'bad' : 'ok' },
      );
      done();
    } finally {
      setBusy(false);
      await refresh();
    }
  };
  return { run, busy, refused, forget: () => setRefused([]) };
}

function There(props: {
  asked: Asked;
  search: Search;
  set: (change: Partial<Search>) => void;
  entity: Entity;
}) {
  const { asked, search, set, entity } = props;
  const { t, words, lang } = useWords();
  const may = useMay();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [assigning, setAssigning] = useState<string[]>();
  const rows = asked.rows;
  const name = (id: string): string => called(rows.find((r) => r.id === id));
  const { run, busy, refused, forget } = useMany(name, () => setSelected(new Set()));
  const [takes, assigns] = [may('crm.lead.pick'), may('crm.lead.assign')];
  const chosen = rows.filter((r) => selected.has(r.id)).map((r) => r.id);
  const attempt = (verb: string, ids: string[]): void =>
    void run(verb, ids).catch((error: unknown) => toast(reason(error, t), { tone: 'bad' }));
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  return (
    <>
      <div className="rowx">
        <SearchBox q={search.q ?? ''} set={(q) => set({ q: q || undefined } as Partial<Search>)} />
        <div className="chips" role="group" aria-label={t('pool-order')}>
          {SORTS.map((sort, at) => (
            <button
              key={sort}
              type="button"
              className="chip"
              aria-pressed={(search.sort ?? SORTS[0]) === sort}
              onClick={() => set({ sort: at === 0 ? undefined : sort } as Partial<Search>)}
            >
              {t(at === 0 ? 'pool-longest' : 'pool-largest')}
            </button>
          ))}
        </div>
      </div>
      {refused.length > 0 && (
        <Note tone="bad">
          <ul className="plain-list">
            {refused.map((r) => (
              <li key={r.id}>
                <b>{r.called}</b> {r.problem?.title}
              </li>
            ))}
          </ul>
          <Button kind="ghost" onClick={forget}>
            {t('close')}
          </Button>
        </Note>
      )}
      {rows.length === 0 ? (
        <div className="card">
          <Empty
            icon={<Waves aria-hidden />}
            title={t(search.q ? 'none-found' : 'pool-none')}
            text={t(search.q ? 'none-found-text' : 'pool-none-text')}
          />
        </div>
      ) : (
        <div className="card grid" role="region" aria-label={t('nav-pool')} tabIndex={0}>
          <table className="pool">
            <thead>
              <tr>
                <th className="mark">
                  <input
                    type="checkbox"
                    aria-label={t('select-all')}
                    checked={chosen.length === rows.length}
                    onChange={(e) =>
                      setSelected(new Set(e.target.checked ? rows.map((r) => r.id) : []))
                    }
                  />
                </th>
                <th>{words.entity('lead')}</th>
                <th>{words.field('lead', 'need')}</th>
                <th className="num">{words.field('lead', 'est_amount')}</th>
                <th>{t('pool-waits')}</th>
                <th>{t('pool-why')}</th>
                <th>
                  <span className="sr">{t('more-actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id} data-on={selected.has(row.id) || undefined}>
                  <td className="mark">
                    <input
                      type="checkbox"
                      aria-label={t('select-one', { what: called(row) })}
                      checked={selected.has(row.id)}
                      onChange={() => toggle(row.id)}
                    />
                  </td>
                  <td className="title">
                    <b>{called(row)}</b>
                    <small className="muted">
                      {[row['company_name'] && row['name'], row['region'], row['origin']]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </td>
                  <td className="need" data-label={words.field('lead', 'need')}>
                    {String(row['need'] ?? '')}
                  </td>
                  <Worth row={row} />
                  <Waits row={row} />
                  <Why row={row} />
                  <td className="do">
                    {takes && (
                      <Button
                        aria-label={`${words.verb('lead', 'pick')} ${called(row)}`}
                        disabled={busy}
                        onClick={() => attempt('pick', [row.id])}
                      >
                        {words.verb('lead', 'pick')}
                      </Button>
                    )}
                    {assigns && (
                      <Button
                        kind="ghost"
                        aria-label={`${words.verb('lead', 'assign')} ${called(row)}`}
                        disabled={busy}
                        onClick={() => setAssigning([row.id])}
                      >
                        {words.verb('lead', 'assign')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > 0 && (
        <div className="foot" role="status">
          {t('rows-shown', {
            shown: count(lang, rows.length),
            all: typeof asked.total === 'number' ? count(lang, asked.total) : (asked.total ?? ''),
          })}
        </div>
      )}
      {chosen.length > 0 && (
        <div className="bulk" role="group" aria-label={t('bulk')}>
          <b>{t('bulk-selected', { count: count(lang, chosen.length) })}</b>
          {takes && (
            <Button kind="primary" busy={busy} onClick={() => attempt('pick', chosen)}>
              {words.verb('lead', 'pick')}
            </Button>
          )}
          {assigns && (
            <Button disabled={busy} onClick={() => setAssigning(chosen)}>
              {words.verb('lead', 'assign')}
            </Button>
          )}
          <Button kind="ghost" onClick={() => setSelected(new Set())}>
            {t('bulk-clear')}
          </Button>
        </div>
      )}
      {assigning && (
        <Assign
          entity={entity}
          many={assigning.length}
          close={() => setAssigning(undefined)}
          run={(owner) => run('assign', assigning, { owner })}
        />
      )}
    </>
  );
}

const called = (row: Row | undefined): string =>
  String(row?.['company_name'] || row?.['name'] || row?.['number'] || '');

function SearchBox({ q, set }: { q: string; set: (q: string) => void }) {
  const { t, words } = useWords();
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => set(typed.trim()), 250);
    return () => clearTimeout(timer);
  });
  const label = t('list-search', { what: words.entity('lead') });
  return (
    <div className="search-box">
      <Search size={15} aria-hidden />
      <input
        type="search"
        className="input"
        data-list-search
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
      />
    </div>
  );
}

function Worth({ row }: { row: Row }) {
  const { words, lang } = useWords();
  const { company } = useMe();
  const none = row['est_amount'] === undefined || isZero(row['est_amount']);
  return (
    <td className="num" data-label={words.field('lead', 'est_amount')}>
      {none ? '' : money(lang, row['est_amount'], String(row['currency'] || company.currency))}
    </td>
  );
}

/** So long nobody has had it; after a week it says so by more than its number. */
function Waits({ row }: { row: Row }) {
  const { t, lang } = useWords();
  const since = row['pooled_at'];
  const days = typeof since === 'string' ? (Date.now() - Date.parse(since)) / 86_400_000 : 0;
  return (
    <td data-label={t('pool-waits')}>
      {typeof since === 'string' && (
        <span className={days > 7 ? 'nowrap late' : 'nowrap'}>
          {lasted(lang, since, new Date().toISOString())}
        </span>
      )}
    </td>
  );
}

function Why({ row }: { row: Row }) {
  const { t } = useWords();
  const by = row['given_back_by'];
  return (
    <td className="why" data-label={t('pool-why')}>
      {row['return_reason'] ? String(row['return_reason']) : !by && t('pool-fresh')}
      {typeof by === 'string' && (
        <small className="muted">
          <Ref entity="user" id={by} plain />
        </small>
      )}
    </td>
  );
}

function Assign(props: {
  entity: Entity;
  many: number;
  close: () => void;
  run: (owner: string) => Promise<void>;
}) {
  const { t, words } = useWords();
  const [owner, setOwner] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const verb = words.verb('lead', 'assign');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await props.run(owner);
      props.close();
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('pool-assign', { count: props.many })}
      close={props.close}
      footer={
        <>
          <Button onClick={props.close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="assign-form" busy={busy} disabled={!owner}>
            {verb}
          </Button>
        </>
      }
    >
      <form id="assign-form" className="stack" onSubmit={(event) => void save(event)}>
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        <Labelled label={words.field('lead', 'owner')} required>
          {(ids) => <Picker {...ids} entity="user" value={owner} onPick={setOwner} autoFocus />}
        </Labelled>
      </form>
    </Dialog>
  );
}

const HELD = ['assigned', 'working', 'qualified'];

/** What one holds; what one cannot use goes back, with a reason. */
function Mine({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { user } = useMe();
  const { run, running, runningRow, dialog } = useVerb(entity);
  const asked = useQuery({
    queryKey: ['list', 'leads', 'mine', user.id],
    queryFn: () =>
      list('leads', {
        filter: [`owner:eq:${user.id}`, `state:in:${HELD.join(',')}`],
        fields: `${FIELDS},assigned_at`,
        sort: 'id',
        limit: 200,
      }),
  });
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  if (!asked.data) return <Loading lines={6} />;
  const rows = asked.data.rows;
  const may = (verb: string, row: Row): boolean =>
    entity.verbs.some((v) => v.name === verb && v.may) &&
    entity.moves.some((m) => m.verb === verb && m.from === row['state']);
  if (rows.length === 0)
    return (
      <div className="card">
        <Empty
          icon={<UserRoundPlus aria-hidden />}
          title={t('pool-mine-none')}
          text={t('pool-mine-none-text')}
        />
      </div>
    );
  return (
    <div className="card grid" role="region" aria-label={t('pool-look-mine')} tabIndex={0}>
      <table className="pool">
        <thead>
          <tr>
            <th>{words.entity('lead')}</th>
            <th>{words.field('lead', 'state')}</th>
            <th>{words.field('lead', 'need')}</th>
            <th className="num">{words.field('lead', 'est_amount')}</th>
            <th>{t('pool-since')}</th>
            <th>
                  <span className="sr">{t('more-actions')}</span>
                </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="title">
                <Link
                  className="no"
                  to="/$collection/$id"
                  params={{ collection: 'leads', id: row.id }}
                >
                  {called(row)}
                </Link>
                <small className="muted">
                  {[row['company_name'] && row['name'], row['region']].filter(Boolean).join(' · ')}
                </small>
              </td>
              <td data-label={words.field('lead', 'state')}>
                <Tag tone={toneOf(String(row['state']))}>
                  {words.state('lead', String(row['state']))}
                </Tag>
              </td>
              <td className="need" data-label={words.field('lead', 'need')}>
                {String(row['need'] ?? '')}
              </td>
              <Worth row={row} />
              <td data-label={t('pool-since')}>
                {typeof row['assigned_at'] === 'string' && (
                  <span className="nowrap">
                    {lasted(lang, row['assigned_at'], new Date().toISOString())}
                  </span>
                )}
              </td>
              <td className="do">
                {['accept', 'give_back']
                  .filter((verb) => may(verb, row))
                  .map((verb) => (
                    <Button
                      key={verb}
                      kind={verb === 'accept' ? '' : 'ghost'}
                      aria-label={`${words.verb('lead', verb)} ${called(row)}`}
                      busy={running === verb && runningRow === row.id}
                      onClick={() => void run(verb, row)}
                    >
                      {words.verb('lead', verb)}
                    </Button>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {dialog}
    </div>
  );
}
