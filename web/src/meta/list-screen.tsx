// A list of any entity at `/{collection}`: the table, or another view of the same filters.
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { CalendarDays, Columns3, Filter as FunnelIcon, LayoutList, Plus, SquareKanban } from 'lucide-react';
import { type ReactNode, Suspense, lazy, useEffect, useMemo, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { useKeys } from '../lib/keys.ts';
import type { ListSearch } from '../router.tsx';
import { Loading } from '../ui/parts.tsx';
import { EntityList } from './entity-list.tsx';
import { NotFound } from '../ui/frames.tsx';
import { Popped } from '../ui/popped.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Entity, columnsOf, useEntity, useIndex } from './meta.ts';
import { GroupPicker } from './group-picker.tsx';
import { registry } from './registry.ts';
import { TakeOut } from './take-out.tsx';
import { ViewPicker, useUsualView } from './views.tsx';

const Groups = lazy(() => import('./groups.tsx').then((m) => ({ default: m.Groups })));

export function ListScreen() {
  const { collection } = useParams({ strict: false }) as { collection: string };
  const known = useIndex().find((e) => e.collection === collection);
  if (!known) return <NotFound />;
  return <Lists key={known.name} name={known.name} create={known.create} />;
}

const VIEW_ICONS: Record<string, ReactNode> = {
  calendar: <CalendarDays aria-hidden />,
  funnel: <FunnelIcon aria-hidden />,
};

/** What the address says about the list, and how to change it. */
export function useListSearch(): [ListSearch, (change: Partial<ListSearch>) => void] {
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const set = (change: Partial<ListSearch>): void => {
    void navigate({
      to: '.',
      search: (now: ListSearch) => ({ ...now, ...change }),
      replace: true,
    } as never);
  };
  return [search, set];
}

function Lists({ name, create }: { name: string; create: boolean }) {
  const entity = useEntity(name);
  const { words, t } = useWords();
  const [search, set] = useListSearch();
  const navigate = useNavigate();
  const here = useLocation();
  useUsualView(entity, search, set);
  const views = registry[name]?.views ?? {};
  const View = search.view ? views[search.view] : undefined;
  // The way back to this very list, for the detail's crumb.
  useEffect(() => {
    // On the way out the address is already the next one's.
    if (here.pathname === `/${entity.collection}`)
      sessionStorage.setItem(`hl.list.${entity.collection}`, JSON.stringify(here.search));
  }, [entity.collection, here.pathname, here.search]);
  useKeys({
    n: () =>
      create &&
      void navigate({ to: '/$collection/new', params: { collection: entity.collection } }),
  });
  return (
    <div className="page full">
      <div className="head">
        <h1>{name === 'party' ? t('nav-customers') : words.entities(name)}</h1>
        <ViewPicker entity={entity} search={search} set={set} />
        <span className="sp" />
        {Object.keys(views).length > 0 && (
          <div className="seg" role="group" aria-label={t('view')}>
            <button type="button" aria-pressed={!View} onClick={() => set({ view: undefined })}>
              <LayoutList aria-hidden />
              {t('view-list')}
            </button>
            {Object.keys(views).map((view) => (
              <button
                key={view}
                type="button"
                aria-pressed={search.view === view}
                onClick={() => set({ view })}
              >
                {VIEW_ICONS[view] ?? <SquareKanban aria-hidden />}
                {t(`view-${view}`)}
              </button>
            ))}
          </div>
        )}
        {create && (
          <Link
            className="btn primary"
            to="/$collection/new"
            params={{ collection: entity.collection }}
          >
            <Plus aria-hidden />
            {t('new-of', { what: words.entity(name) })}
          </Link>
        )}
      </div>
      <div className="rowx">
        <FilterBar entity={entity} search={search} set={set} />
        {!View && <GroupPicker entity={entity} search={search} set={set} />}
        {!View && !search.by && <ColumnPicker entity={entity} search={search} set={set} />}
        <TakeOut entity={entity} search={search} />
      </div>
      {View ? (
        <Suspense fallback={<Loading lines={6} />}>
          <View entity={entity} />
        </Suspense>
      ) : search.by ? (
        <Suspense fallback={<Loading lines={6} />}>
          <Groups entity={entity} search={search} set={set} />
        </Suspense>
      ) : (
        <EntityList entity={entity} search={search} set={set} create={create} />
      )}
    </div>
  );
}

/** Which columns are shown: in the address, and remembered on this device. */
export function shownColumns(entity: Entity, search: ListSearch): string[] {
  const kept = search.cols ?? localStorage.getItem(`hl.cols.${entity.name}`);
  const all = columnsOf(entity).map((f) => f.name);
  if (!kept) return all;
  return kept.split(',').filter((name) => entity.fields.some((f) => f.name === name));
}

function ColumnPicker({
  entity,
  search,
  set,
}: {
  entity: Entity;
  search: ListSearch;
  set: (change: Partial<ListSearch>) => void;
}) {
  const { t, words } = useWords();
  const [open, setOpen] = useState(false);
  const shown = useMemo(() => shownColumns(entity, search), [entity, search]);
  const possible = entity.fields.filter(
    (f) => f.type !== 'json' && !['id', 'version', 'scope_id', 'batch_id'].includes(f.name),
  );
  const toggle = (name: string): void => {
    const next = shown.includes(name)
      ? shown.filter((n) => n !== name)
      : possible.map((f) => f.name).filter((n) => n === name || shown.includes(n));
    if (next.length === 0) return;
    localStorage.setItem(`hl.cols.${entity.name}`, next.join(','));
    set({ cols: next.join(',') });
  };
  return (
    <div className="pop only-wide">
      <button
        type="button"
        className="btn ghost"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Columns3 aria-hidden />
        {t('columns')}
      </button>
      {open && (
        <Popped label={t('columns')} close={() => setOpen(false)}>
          {possible.map((field, at) => (
            <label key={field.name} className="it">
              <input
                type="checkbox"
                autoFocus={at === 0}
                checked={shown.includes(field.name)}
                onChange={() => toggle(field.name)}
              />
              {words.field(entity.name, field.name)}
            </label>
          ))}
        </Popped>
      )}
    </div>
  );
}
