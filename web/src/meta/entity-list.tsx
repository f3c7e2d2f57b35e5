// The table: pages by cursor from the program, sort, keys, selection, one verb on many rows.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Inbox, Plus, SearchX } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Page, type Row, list, newKey, send } from '../api/client.ts';
import { stringifySearch } from '../lib/address.ts';
import { useWords } from '../lib/i18n.tsx';
import { type Left, leave, leftAt } from '../lib/left.ts';
import { count } from '../lib/number.ts';
import { useKeys } from '../lib/keys.ts';
import { useMay, useMe } from '../lib/session.tsx';
import { NARROW, useUpTo } from '../lib/wide.ts';
import type { ListSearch } from '../router.tsx';
import { Button, Empty, Note } from '../ui/parts.tsx';
import { reason, toast, useToastProblem } from '../ui/toast.tsx';
import { type Entity, type Field, fieldOf, orderOf, withTitle } from './meta.ts';
import { isInline, useInline } from './inline.tsx';
import { type Acts, ListRow } from './list-row.tsx';
import { shownColumns } from './list-screen.tsx';
import { isFigure } from './show.tsx';
import { isGrave, useRefresh } from './verbs.tsx';

const PAGE = 50;
/** Rows of one request, as the program takes them. */
const BULK = 200;
const NONE: ReadonlySet<string> = new Set();
type Props = {
  entity: Entity;
  search: ListSearch;
  set: (change: Partial<ListSearch>) => void;
  create: boolean;
};

export function useRows(entity: Entity, search: ListSearch, columns: string[]) {
  const sort = orderOf(entity, search.sort);
  return useInfiniteQuery({
    queryKey: [
      'list',
      entity.collection,
      search.q,
      search.filter,
      search.where,
      sort,
      columns.join(),
    ],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      list(
        entity.collection,
        {
          q: search.q,
          filter: search.filter,
          where: search.where,
          sort,
          fields: columns.join(),
          limit: PAGE,
          cursor: pageParam || undefined,
        },
        signal,
      ),
    getNextPageParam: (page: Page) => page.next ?? undefined,
  });
}

export function EntityList({ entity, search, set, create }: Props) {
  const { t } = useWords();
  const names = useMemo(() => withTitle(entity, shownColumns(entity, search)), [entity, search]);
  const columns = useMemo(
    () =>
      names
        .map((name) => fieldOf(entity.fields, name))
        .filter((f): f is Field => f !== undefined),
    [names, entity],
  );
  // What columns need beside them: the state for lateness, the kind of a document that an id names.
  const beside = ['version', 'state', 'currency', 'fulfilment', ...columns.map((c) => c.ref_field ?? '')];
  const asked = useRows(entity, search, [
    ...new Set([...names, ...beside.filter((n) => fieldOf(entity.fields, n))]),
  ]);
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = asked.data?.pages[0]?.total ?? null;
  const address = `${entity.collection}${stringifySearch(search)}`;
  // What was left is asked for once, as the list opens.
  const [before] = useState(() => leftAt(address));
  const [selected, setSelected] = useState(before?.selected ?? NONE);
  const asking = JSON.stringify([search.q, search.filter, search.where]);
  const [sought, setSought] = useState(asking);
  if (sought !== asking) {
    setSought(asking);
    setSelected(NONE);
  }
  if (asked.error && rows.length === 0) {
    return (
      <Note tone="bad">
        {reason(asked.error, t)}{' '}
        <button type="button" className="btn ghost" onClick={() => void asked.refetch()}>
          {t('again')}
        </button>
      </Note>
    );
  }
  if (!asked.isPending && rows.length === 0)
    return <Nothing entity={entity} search={search} set={set} create={create} />;
  return (
    <>
      <Table
        entity={entity}
        columns={columns}
        rows={rows}
        many={typeof total === 'string'}
        search={search}
        set={set}
        waiting={asked.isPending}
        stale={asked.isPlaceholderData}
        address={address}
        before={before}
        selected={selected}
        select={setSelected}
        more={
          asked.hasNextPage && !asked.isFetchingNextPage
            ? () => void asked.fetchNextPage()
            : undefined
        }
      />
      <Foot
        rows={rows.length}
        total={total}
        more={asked.hasNextPage}
        busy={asked.isFetchingNextPage}
        next={() => void asked.fetchNextPage()}
      />
      {selected.size > 0 && (
        <Bulk
          entity={entity}
          rows={rows.filter((r) => selected.has(r.id))}
          clear={() => setSelected(new Set())}
        />
      )}
    </>
  );
}

function Nothing({ entity, search, set, create }: Props) {
  const { t, words } = useWords();
  const may = useMay();
  const what = words.entities(entity.name);
  if (search.q || search.filter || search.where) {
    return (
      <div className="card grow">
        <Empty icon={<SearchX aria-hidden />} title={t('none-found')} text={t('none-found-text')}>
          <Button onClick={() => set({ q: undefined, filter: undefined, where: undefined })}>
            {t('filter-clear')}
          </Button>
        </Empty>
      </div>
    );
  }
  return (
    <div className="card grow">
      <Empty
        icon={<Inbox aria-hidden />}
        title={t('none-yet', { what })}
        text={words.find(`empty-${entity.name.replaceAll('_', '-')}`)}
      >
        {create && (
          <Link
            className="btn primary"
            to="/$collection/new"
            params={{ collection: entity.collection }}
          >
            <Plus aria-hidden />
            {t('new-of', { what: words.entity(entity.name) })}
          </Link>
        )}
        {create && may('history.import.apply') && (
          <Link className="btn" to="/import">
            {t('nav-import')}
          </Link>
        )}
      </Empty>
    </div>
  );
}

type TableProps = {
  entity: Entity;
  columns: Field[];
  rows: Row[];
  search: ListSearch;
  set: (change: Partial<ListSearch>) => void;
  waiting: boolean;
  stale: boolean;
  address: string;
  /** Where it was left, for whoever goes back to it. */
  before: Left | undefined;
  /** Are there more rows than the program counts? */
  many: boolean;
  selected: ReadonlySet<string>;
  select: (ids: ReadonlySet<string>) => void;
  more: (() => void) | undefined;
};

/** Verbs that can run on many rows without asking anything. */
const bulkVerbs = (entity: Entity) =>
  entity.verbs.filter(
    (v) =>
      v.may && v.name !== 'create' && v.takes.every((f) => !f.required) && v.lines.length === 0,
  );

function Table({
  entity,
  columns,
  rows,
  many,
  search,
  set,
  waiting,
  stale,
  address,
  before,
  selected,
  select,
  more,
}: TableProps) {
  const { t, words } = useWords();
  const { company } = useMe();
  const navigate = useNavigate();
  const [at, setAt] = useState(before?.at ?? -1);
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(before?.top ?? 0);
  useLayoutEffect(() => {
    if (box.current && before) box.current.scrollTop = before.top;
  }, [before]);
  // Another filter or order is another list: it begins at its top.
  const [shown, setShown] = useState(address);
  if (shown !== address) {
    setShown(address);
    setAt(-1);
  }
  const anew = useRef(address);
  useEffect(() => {
    if (anew.current !== address) box.current?.scrollTo(0, 0);
    anew.current = address;
  }, [address]);
  const leaving = useRef({ address, at, selected });
  leaving.current = { address, at, selected };
  useEffect(
    () => () => {
      const { address: was, ...state } = leaving.current;
      leave(was, { ...state, top: top.current });
    },
    [],
  );
  const marks = bulkVerbs(entity).length > 0;
  const inline = useInline(entity, columns, rows);
  // Cards on a phone open; cells of a table are changed where they stand.
  const wide = !useUpTo(NARROW);
  const open = (row: Row | undefined): void => {
    if (row)
      void navigate({
        to: '/$collection/$id',
        params: { collection: entity.collection, id: row.id },
      });
  };
  const move = (by: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + by));
    setAt(next);
    // Enter belongs to the row that is marked, not to what was pressed before.
    box.current?.focus({ preventScroll: true });
    box.current?.querySelectorAll('tbody tr')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const toggle = (id: string | undefined): void => {
    if (!id) return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: (event) =>
      document.activeElement === document.body ||
      document.activeElement?.id === 'main' ||
      document.activeElement === box.current
        ? open(rows[at])
        : (event.target as HTMLElement).click(),
    x: () => marks && toggle(rows[at]?.id),
    F2: () => {
      const [row, column] = [rows[at], columns.find((c) => inline.can(c))];
      if (row && column) inline.begin(row, column);
    },
  });
  // More rows than are counted come in an order at once only where an index leads it.
  const isLed = (column: Field): boolean =>
    !many || (column.sorted === true && !column.sort) || sorted(column) !== undefined;
  const sort = (column: Field): void => {
    const name = column.sort ?? column.name;
    if (!isLed(column))
      return toast(t('sort-many', { what: words.field(entity.name, column.name) }));
    set({
      sort: search.sort === name ? `-${name}` : search.sort === `-${name}` ? undefined : name,
    });
  };
  const scrolled = (): void => {
    const el = box.current;
    if (el) top.current = el.scrollTop;
    if (el && more && el.scrollHeight - el.scrollTop - el.clientHeight < 600) more();
  };
  const latest = useRef<Acts>(null!);
  latest.current = { open, begin: inline.begin, toggle };
  // The same for as long as the list stands, so that rows are not drawn anew for it.
  const [acts] = useState<Acts>(() => ({
    open: (row) => latest.current.open(row),
    begin: (row, field) => latest.current.begin(row, field),
    toggle: (id) => latest.current.toggle(id),
  }));
  const edits = useMemo(
    () => new Set(wide ? columns.filter((c) => isInline(entity, c)).map((c) => c.name) : []),
    [entity, columns, wide],
  );
  const now = orderOf(entity, search.sort);
  const sorted = ({ sort: by, name }: Field): 'ascending' | 'descending' | undefined =>
    now === (by ?? name) ? 'ascending' : now === `-${by ?? name}` ? 'descending' : undefined;
  return (
    <div
      className="card grid grow"
      ref={box}
      onScroll={scrolled}
      role="region"
      aria-label={words.entities(entity.name)}
      tabIndex={0}
      aria-busy={stale}
    >
      <table>
        <thead>
          <tr>
            {marks && (
              <th className="mark">
                <input
                  type="checkbox"
                  aria-label={t('select-all')}
                  checked={rows.length > 0 && selected.size === rows.length}
                  onChange={(e) => select(new Set(e.target.checked ? rows.map((r) => r.id) : []))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.name}
                className={isFigure(column) ? 'num' : undefined}
                aria-sort={sorted(column)}
              >
                <button
                  type="button"
                  disabled={column.custom}
                  aria-disabled={!isLed(column) || undefined}
                  onClick={() => sort(column)}
                >
                  {words.field(entity.name, column.name)}
                  {column.type === 'money' && <small> {company.currency}</small>}
                  {sorted(column) === 'ascending' && <ArrowUp size={13} aria-hidden />}
                  {sorted(column) === 'descending' && <ArrowDown size={13} aria-hidden />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {waiting &&
            Array.from({ length: 12 }, (_, n) => (
              <tr key={n}>
                <td colSpan={columns.length + 1}>
                  <div className="skel" style={{ width: `${90 - ((n * 13) % 40)}%` }} />
                </td>
              </tr>
            ))}
          {rows.map((row, n) => (
            <ListRow
              key={row.id}
              entity={entity}
              columns={columns}
              row={row}
              at={n === at}
              on={selected.has(row.id)}
              marks={marks}
              edits={edits}
              inline={inline.at === row.id ? inline : undefined}
              acts={acts}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Foot({
  rows,
  total,
  more,
  busy,
  next,
}: {
  rows: number;
  total: number | string | null;
  more: boolean;
  busy: boolean;
  next: () => void;
}) {
  const { t, lang } = useWords();
  const all = typeof total === 'number' ? count(lang, total) : (total ?? '');
  return (
    <div className="foot" role="status">
      <span>{t('rows-shown', { shown: count(lang, rows), all })}</span>
      {more && (
        <Button kind="ghost" busy={busy} onClick={next}>
          {t('rows-more')}
        </Button>
      )}
    </div>
  );
}

type Result = {
  id: string;
  result: 'done' | 'already' | 'refused';
  problem?: { title: string };
};

function Bulk({ entity, rows, clear }: { entity: Entity; rows: Row[]; clear: () => void }) {
  const { t, words, lang } = useWords();
  const [busy, setBusy] = useState('');
  const [refused, setRefused] = useState<Result[]>([]);
  const problem = useToastProblem();
  const refresh = useRefresh();
  const state =
    entity.states.length > 0 ? [...new Set(rows.map((r) => String(r['state'] ?? '')))] : [];
  // A verb that no selected row can take would only refuse; those that all can come first.
  const takes = (verb: string): number =>
    state.filter((s) => entity.moves.some((m) => m.from === s && m.verb === verb)).length;
  const verbs = bulkVerbs(entity).filter(
    (v) =>
      entity.states.length === 0 ||
      takes(v.name) > 0 ||
      !entity.moves.some((m) => m.verb === v.name),
  );
  const run = async (verb: string): Promise<void> => {
    setBusy(verb);
    try {
      const answer = await send<{ results: Result[] }>(
        `${entity.collection}/bulk/${verb}`,
        { ids: rows.map((r) => r.id) },
        { key: newKey() },
      );
      const bad = answer.results.filter((r) => r.result === 'refused');
      const already = answer.results.filter((r) => r.result === 'already').length;
      setRefused(bad);
      const done = t('bulk-done', {
        done: count(lang, answer.results.length - bad.length - already),
        bad: count(lang, bad.length),
        any: bad.length > 0 ? 'yes' : 'no',
      });
      const before = already > 0 ? t('bulk-already', { already: count(lang, already) }) : '';
      toast(done + before, { tone: bad.length > 0 ? 'bad' : 'ok' });
      if (bad.length === 0) clear();
    } catch (error) {
      problem(error);
    } finally {
      setBusy('');
      await refresh();
    }
  };
  const name = (id: string): string => String(rows.find((r) => r.id === id)?.[entity.title] || id);
  return (
    <div className="bulk" role="group" aria-label={t('bulk')}>
      <b>{t('bulk-selected', { count: count(lang, rows.length) })}</b>
      {verbs
        .filter((v) => !isGrave(v.name))
        .map((v) => (
          <Button
            key={v.name}
            busy={busy === v.name}
            disabled={busy !== '' || rows.length > BULK}
            onClick={() => void run(v.name)}
          >
            {words.verb(entity.name, v.name)}
          </Button>
        ))}
      {rows.length > BULK && <span className="late">{t('bulk-most', { limit: BULK })}</span>}
      <Button kind="ghost" onClick={clear}>
        {t('bulk-clear')}
      </Button>
      {refused.length > 0 && (
        <ul>
          {refused.map((r) => (
            <li key={r.id}>
              <b>{name(r.id)}</b> {r.problem?.title}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
