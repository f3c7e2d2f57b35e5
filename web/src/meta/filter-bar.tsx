// Search, states and conditions of a list; all of it lives in the address.
import { ListFilter, Search, X } from 'lucide-react';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import type { ListSearch } from '../router.tsx';
import { reached, testWords, through, useEntities, useTreeWords } from './condition-words.ts';
import { type Filter, type Tree, chosen, joined, read, readTree, said, toggled, write } from './filters.ts';
import { type Entity, fieldOf } from './meta.ts';
import { useTitle } from './titles.ts';

type Props = { entity: Entity; search: ListSearch; set: (change: Partial<ListSearch>) => void };

const Editor = lazy(() => import('./filter-editor.tsx').then((m) => ({ default: m.FilterEditor })));

export function FilterBar({ entity, search, set }: Props) {
  const { t, words } = useWords();
  const filters = search.filter ?? [];
  const tree = readTree(search.where);
  const [editing, setEditing] = useState(false);
  const state = fieldOf(entity.fields, 'state');
  const active = state ? chosen(filters, 'state') : [];
  const others = filters
    .map(read)
    .filter(
      (f): f is Filter =>
        f !== undefined && !(f.field === 'state' && (f.op === 'in' || f.op === 'eq') && state),
    );
  const change = (next: string[]): void => set({ filter: next.length > 0 ? next : undefined });
  const save = (next: Tree): void => {
    const { filter, where } = said(next);
    set({ filter, where });
    setEditing(false);
  };
  return (
    <>
      {entity.title !== 'id' && <SearchBox entity={entity} search={search} set={set} />}
      {state?.options && (
        <div className="chips" role="group" aria-label={words.field(entity.name, 'state')}>
          {state.options.map((option) => (
            <button
              key={option}
              type="button"
              className="chip"
              aria-pressed={active.includes(option)}
              onClick={() => change(toggled(filters, 'state', option))}
            >
              {words.state(entity.name, option)}
            </button>
          ))}
        </div>
      )}
      {others.map((filter) => (
        <Condition
          key={write(filter)}
          entity={entity}
          filter={filter}
          drop={() => change(filters.filter((f) => f !== write(filter)))}
        />
      ))}
      {tree && (
        <Conditions
          entity={entity}
          tree={tree}
          edit={() => setEditing(true)}
          drop={() => set({ where: undefined })}
        />
      )}
      <button type="button" className="chip" onClick={() => setEditing(true)}>
        <ListFilter aria-hidden />
        {t('filter-add')}
      </button>
      {(filters.length > 0 || search.q || search.where) && (
        <button
          type="button"
          className="chip"
          onClick={() => set({ filter: undefined, q: undefined, where: undefined })}
        >
          {t('filter-clear')}
        </button>
      )}
      {editing && (
        <Suspense>
          <Editor
            entity={entity}
            start={joined(filters, search.where)}
            close={() => setEditing(false)}
            save={save}
          />
        </Suspense>
      )}
    </>
  );
}

function SearchBox({ entity, search, set }: Props) {
  const { t, words } = useWords();
  const [typed, setTyped] = useState(search.q ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(search.q ?? ''), [search.q]);
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => set({ q: text.trim() || undefined }), 250);
  };
  const label = t('list-search', { what: words.field(entity.name, entity.title) });
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
        onChange={(e) => type(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && e.currentTarget.blur()}
      />
    </div>
  );
}

function Condition({ entity, filter, drop }: { entity: Entity; filter: Filter; drop: () => void }) {
  const { t, words } = useWords();
  const to = reached(entity, filter.field, useEntities(through(entity, filter)));
  const title = useTitle(to?.field.type === 'ref' ? to.field.ref : undefined, filter.value);
  const text = testWords(words, entity, to, filter, title);
  return (
    <button
      type="button"
      className="chip"
      aria-pressed="true"
      aria-label={t('filter-drop', { text })}
      onClick={drop}
    >
      {text}
      <X aria-hidden />
    </button>
  );
}

/** A tree is said whole: pressed, it is edited. */
function Conditions({
  entity,
  tree,
  edit,
  drop,
}: {
  entity: Entity;
  tree: Tree;
  edit: () => void;
  drop: () => void;
}) {
  const { t } = useWords();
  const text = useTreeWords(entity, tree);
  return (
    <span className="chip-pair">
      <button type="button" className="chip" aria-pressed="true" onClick={edit}>
        <span className="cut">{text}</span>
      </button>
      <button
        type="button"
        className="chip"
        aria-label={t('filter-drop', { text })}
        onClick={drop}
      >
        <X aria-hidden />
      </button>
    </span>
  );
}
