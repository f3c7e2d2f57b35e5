// Finds a row of an entity by name or code and keeps its id.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { type Page, type Row, list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useEntityQuery } from '../meta/meta.ts';
import { useTitle } from '../meta/titles.ts';

export type PickerProps = {
  entity: string;
  value: string;
  onPick: (id: string, row: Row | null) => void;
  /** Only rows that fit: `is_customer:eq:true`. */
  filter?: string[];
  /** Asked in place of the entity's list, under a key of its own. */
  source?: { key: string; rows: (typed: string) => Promise<Row[]> };
  /** A field shown beside the title. */
  beside?: string;
  id?: string;
  'aria-label'?: string | undefined;
  'aria-invalid'?: boolean | undefined;
  'aria-describedby'?: string | undefined;
  autoFocus?: boolean;
  placeholder?: string;
  className?: string;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  onPaste?: (event: React.ClipboardEvent<HTMLInputElement>) => void;
  inputRef?: (input: HTMLInputElement | null) => void;
};

const SHOWN = 8;

/** By title, and by code where the entity has one; a code that begins so comes first. */
function useFound({ entity, filter = [], source }: PickerProps, typed: string, open: boolean) {
  const meta = useEntityQuery(entity).data;
  const hasCode = meta?.fields.some((f) => f.name === 'code') ?? false;
  return useQuery({
    queryKey: ['pick', entity, typed, filter, source?.key],
    enabled: open && meta !== undefined,
    staleTime: 20_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (source) return source.rows(typed);
      const collection = meta?.collection ?? '';
      const names = [
        'code',
        'name',
        'spec',
        'unit',
        'list_price',
        'tax_code',
        'company_name',
        'party',
        'state',
        'open',
        'terms_code',
      ];
      const extra = names.filter((name) => meta?.fields.some((f) => f.name === name));
      const base = { limit: SHOWN, count: 'no', fields: [meta?.title ?? 'id', ...extra].join(',') };
      const asks: Promise<Page>[] = [list(collection, { ...base, q: typed, filter }, signal)];
      if (hasCode && typed)
        asks.unshift(
          list(collection, { ...base, filter: [...filter, `code:starts:${typed}`] }, signal),
        );
      const rows = (await Promise.all(asks)).flatMap((page) => page.rows);
      return rows
        .filter((row, at) => rows.findIndex((r) => r.id === row.id) === at)
        .slice(0, SHOWN);
    },
  });
}

export function Picker(props: PickerProps) {
  const { entity, value, onPick } = props;
  const { t, words } = useWords();
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const meta = useEntityQuery(entity).data;
  const title = useTitle(entity, value || null);
  const open = typed !== null;
  const sought = useDeferredValue((typed ?? '').trim());
  const found = useFound(props, sought, open);
  const rows = found.data ?? [];
  useEffect(() => setAt(0), [sought]);
  const titleOf = (row: Row): string => String(row[meta?.title ?? 'id'] || row.id);
  const pick = (row: Row | null): void => {
    setTyped(null);
    onPick(row?.id ?? '', row);
  };
  const key = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (open && event.key === 'ArrowDown') setAt(Math.min(at + 1, rows.length - 1));
    else if (open && event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (open && event.key === 'Enter' && rows[at]) pick(rows[at]);
    else if (open && event.key === 'Escape') setTyped(null);
    else if (!open && event.key === 'ArrowDown') setTyped('');
    else {
      if (open && event.key === 'Tab' && typed && rows[at] && !found.isPlaceholderData)
        pick(rows[at]);
      props.onKeyDown?.(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (): void => {
    if (typed === '' && value) onPick('', null);
    setTyped(null);
  };
  return (
    <div className="picker" ref={box}>
      <input
        id={props.id}
        ref={props.inputRef}
        className={props.className ?? 'input'}
        role="combobox"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && rows[at] ? `${list}-${at}` : undefined}
        aria-label={props['aria-label']}
        aria-invalid={props['aria-invalid']}
        aria-describedby={props['aria-describedby']}
        autoComplete="off"
        autoFocus={props.autoFocus}
        placeholder={props.placeholder ?? t('picker-hint', { what: words.entity(entity) })}
        value={typed ?? (value ? (title ?? '…') : '')}
        onChange={(e) => setTyped(e.target.value)}
        onClick={() => !open && setTyped('')}
        onPaste={props.onPaste}
        onBlur={leave}
        onKeyDown={key}
      />
      {open && (
        <div className="menu picks" role="listbox" id={list} aria-label={words.entities(entity)}>
          {rows.map((row, n) => (
            <div
              key={row.id}
              id={`${list}-${n}`}
              role="option"
              tabIndex={-1}
              aria-selected={n === at}
              className="it"
              onPointerDown={(e) => {
                e.preventDefault();
                pick(row);
              }}
            >
              <span className="what">{titleOf(row)}</span>
              <span className="k">{String(row[props.beside ?? 'code'] ?? '')}</span>
            </div>
          ))}
          {rows.length === 0 && (
            <div className="head">{found.isFetching ? t('loading') : t('picker-none')}</div>
          )}
        </div>
      )}
    </div>
  );
}
