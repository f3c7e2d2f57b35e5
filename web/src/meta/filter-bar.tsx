// Search, states and conditions of a list; all of it lives in the address.
import { ListFilter, Search, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { amount, quantity } from '../lib/number.ts';
import type { ListSearch } from '../router.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Labelled } from '../ui/parts.tsx';
import { type Filter, chosen, opsOf, read, toggled, write } from './filters.ts';
import { Bare } from './inputs.tsx';
import { type Entity, type Field, columnsOf, fieldOf } from './meta.ts';
import { useTitle } from './titles.ts';

type Props = { entity: Entity; search: ListSearch; set: (change: Partial<ListSearch>) => void };

export function FilterBar({ entity, search, set }: Props) {
  const { t, words } = useWords();
  const filters = search.filter ?? [];
  const [adding, setAdding] = useState(false);
  const state = fieldOf(entity.fields, 'state');
  const active = state ? chosen(filters, 'state') : [];
  const others = filters
    .map(read)
    .filter(
      (f): f is Filter =>
        f !== undefined && !(f.field === 'state' && (f.op === 'in' || f.op === 'eq') && state),
    );
  const change = (next: string[]): void => set({ filter: next.length > 0 ? next : undefined });
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
      <button type="button" className="chip" onClick={() => setAdding(true)}>
        <ListFilter aria-hidden />
        {t('filter-add')}
      </button>
      {(filters.length > 0 || search.q) && (
        <button
          type="button"
          className="chip"
          onClick={() => set({ filter: undefined, q: undefined })}
        >
          {t('filter-clear')}
        </button>
      )}
      {adding && (
        <AddFilter
          entity={entity}
          close={() => setAdding(false)}
          add={(filter) => change([...filters, write(filter)])}
        />
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
  const { t, words, lang } = useWords();
  const field = fieldOf(entity.fields, filter.field);
  const title = useTitle(field?.type === 'ref' ? field.ref : undefined, filter.value);
  const shown = (one: string): string => {
    if (field?.type === 'money') return amount(lang, one);
    if (field?.type === 'qty' || field?.type === 'price') return quantity(lang, one);
    if (field?.type === 'flag') return t(one === 'true' ? 'yes' : 'no');
    if (field?.type === 'ref') return title || one;
    return words.option(entity.name, filter.field, one);
  };
  const name = words.field(entity.name, filter.field);
  const value =
    filter.value === ''
      ? t('filter-nothing')
      : filter.value.split(',').map(shown).join(t('list-comma'));
  const text = `${name} ${t(`op-${filter.op}`)} ${value}`;
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

function AddFilter({
  entity,
  close,
  add,
}: {
  entity: Entity;
  close: () => void;
  add: (filter: Filter) => void;
}) {
  const { t, words } = useWords();
  const possible = entity.fields.filter(
    (f) => f.type !== 'json' && !['id', 'version', 'scope_id'].includes(f.name),
  );
  const first = columnsOf(entity)[0] ?? possible[0];
  const [name, setName] = useState(first?.name ?? '');
  const field = possible.find((f) => f.name === name) as Field;
  const ops = opsOf(field);
  const [op, setOp] = useState(ops[0] ?? 'eq');
  const [value, setValue] = useState('');
  const choose = (next: string): void => {
    setName(next);
    setValue('');
    setOp(opsOf(possible.find((f) => f.name === next) as Field)[0] ?? 'eq');
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    add({ field: name, op, value: value.replaceAll(/[,，]/g, '').trim() });
    close();
  };
  return (
    <Dialog
      title={t('filter-add')}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="filter-form">
            {t('filter-apply')}
          </Button>
        </>
      }
    >
      <form id="filter-form" className="stack" onSubmit={save}>
        <Labelled label={t('filter-field')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              autoFocus
              value={name}
              onChange={(e) => choose(e.target.value)}
            >
              {possible.map((f) => (
                <option key={f.name} value={f.name}>
                  {words.field(entity.name, f.name)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled label={t('filter-op')}>
          {(ids) => (
            <select {...ids} className="select" value={op} onChange={(e) => setOp(e.target.value)}>
              {ops.map((o) => (
                <option key={o} value={o}>
                  {t(`op-${o}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled label={t('filter-value')}>
          {(ids) =>
            field.type === 'flag' ? (
              <select
                {...ids}
                className="select"
                value={value || 'true'}
                onChange={(e) => setValue(e.target.value)}
              >
                <option value="true">{t('yes')}</option>
                <option value="false">{t('no')}</option>
              </select>
            ) : field.type === 'instant' ? (
              <input
                {...ids}
                className="input"
                type="date"
                required
                onChange={(e) => setValue(e.target.value && `${e.target.value}T00:00:00Z`)}
              />
            ) : (
              <Bare
                owner={entity.name}
                field={{ ...field, required: field.type !== 'text' }}
                value={value}
                set={(v) => setValue(String(v ?? ''))}
                ids={ids}
              />
            )
          }
        </Labelled>
      </form>
    </Dialog>
  );
}
