// Changing a value where it stands in a list: Enter saves and goes down, Tab saves and goes right,
// Escape leaves it. What is shown changes at once and is taken back when the program refuses.
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { type Page, Problem, type Row, get, newKey, send } from '../api/client.ts';
import { useUnsent } from '../lib/draft.ts';
import { useWords } from '../lib/i18n.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { Bare, cleaned } from './inputs.tsx';
import { type Entity, type Field, useIndexQuery } from './meta.ts';

/** Types of which one value fits a cell. */
const FITS = new Set(['text', 'int', 'money', 'qty', 'price', 'rate', 'day', 'enum', 'ref']);

/** May this user change the field where it stands? What only a command sets never. */
export function isInline(entity: Entity, field: Field): boolean {
  if (!FITS.has(field.type) || field.name === entity.title) return false;
  if (entity.writes) return !field.by_commands || field.custom === true;
  const change = entity.verbs.find((verb) => verb.name === 'change' && verb.may);
  return change?.takes.some((taken) => taken.name === field.name) ?? false;
}

type Cell = { id: string; field: string; typed?: string | undefined };
export type Inline = {
  /** The row of which a cell is being changed. */
  at: string | undefined;
  can: (field: Field) => boolean;
  begin: (row: Row, field: Field) => void;
  /** The input, where this is the cell that is being changed. */
  input: (row: Row, field: Field) => ReactNode;
};

export function useInline(entity: Entity, columns: Field[], rows: Row[]): Inline {
  const { t, words } = useWords();
  const client = useQueryClient();
  const [at, setAt] = useState<Cell>();
  const index = useIndexQuery() ?? [];
  /** A value as people know it: of a reference the name behind its id. */
  const called = async (field: Field, value: string): Promise<string> => {
    const to = field.type === 'ref' && value && index.find((e) => e.name === field.ref);
    if (!to) return value || '–';
    const found = await get(`${to.collection}/${value}`).catch(() => undefined);
    return String(found?.[to.title] ?? value);
  };
  const fields = columns.filter((column) => isInline(entity, column));
  const show = (id: string, change: Partial<Row>): void => {
    client.setQueriesData<InfiniteData<Page>>({ queryKey: ['list', entity.collection] }, (data) =>
      data?.pages
        ? {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              rows: page.rows.map((row) => (row.id === id ? { ...row, ...change } : row)),
            })),
          }
        : data,
    );
  };
  const title = (row: Row): string => String(row[entity.title] ?? '');
  const save = async (row: Row, field: Field, typed: string, version?: number): Promise<void> => {
    const was = row[field.name];
    const value = cleaned([field], { [field.name]: typed })[field.name] ?? '';
    show(row.id, { [field.name]: value === '' ? null : value });
    const what = { what: `${title(row)} · ${words.field(entity.name, field.name)}` };
    try {
      const answer = await send(
        `${entity.collection}/${row.id}`,
        { [field.name]: value },
        { method: 'PATCH', version: version ?? row.version, key: newKey() },
      );
      const now = { ...row, [field.name]: value, version: answer.version };
      show(row.id, { version: answer.version });
      toast(t('inline-saved', what), {
        action: { label: t('undo'), run: () => void save(now, field, String(was ?? '')) },
      });
      await client.invalidateQueries({ queryKey: ['list', entity.collection] });
    } catch (error) {
      show(row.id, { [field.name]: was });
      await refused(row, field, typed, error);
    }
  };
  const refused = async (row: Row, field: Field, typed: string, error: unknown): Promise<void> => {
    if (error instanceof Problem && error.code === 'store.version_conflict') {
      const now = await get(`${entity.collection}/${row.id}`);
      show(row.id, { [field.name]: now[field.name], version: now.version });
      const [mine, theirs] = await Promise.all([
        called(field, typed),
        called(field, String(now[field.name] ?? '')),
      ]);
      toast(t('inline-conflict', { mine, theirs }), {
        tone: 'bad',
        action: {
          label: t('conflict-mine'),
          run: () => void save({ ...row, ...now }, field, typed, now.version),
        },
      });
      return;
    }
    // What was typed is not lost: it comes back with the cell.
    const again = error instanceof Problem && error.status === 0;
    toast(reason(error, t), {
      tone: 'bad',
      action: again
        ? { label: t('again'), run: () => void save(row, field, typed) }
        : {
            label: t('inline-mend'),
            run: () => setAt({ id: row.id, field: field.name, typed }),
          },
    });
  };
  /** The next cell: below, or to the right and on to the next row. */
  const next = (row: Row, field: Field, key: 'Enter' | 'Tab', back: boolean): void => {
    const step = back ? -1 : 1;
    const line = rows.findIndex((r) => r.id === row.id);
    const place = fields.findIndex((f) => f.name === field.name);
    const index = key === 'Enter' ? (line + step) * fields.length + place : line * fields.length + place + step;
    const to = rows[Math.floor(index / fields.length)];
    const on = fields[((index % fields.length) + fields.length) % fields.length];
    setAt(to && on && index >= 0 ? { id: to.id, field: on.name } : undefined);
  };
  return {
    at: at?.id,
    can: (field) => fields.includes(field),
    begin: (row, field) => setAt({ id: row.id, field: field.name }),
    input: (row, field) =>
      at?.id === row.id && at.field === field.name ? (
        <Input
          key={`${at.id}.${at.field}`}
          owner={entity.name}
          field={field}
          value={at.typed ?? String(row[field.name] ?? '')}
          was={String(row[field.name] ?? '')}
          label={`${words.field(entity.name, field.name)} ${title(row)}`}
          save={(typed) => void save(row, field, typed)}
          leave={() => setAt((now) => (now === at ? undefined : now))}
          next={(key, back) => next(row, field, key, back)}
        />
      ) : undefined,
  };
}

function Input(props: {
  owner: string;
  field: Field;
  value: string;
  was: string;
  label: string;
  save: (typed: string) => void;
  leave: () => void;
  next: (key: 'Enter' | 'Tab', back: boolean) => void;
}) {
  const [value, setValue] = useState(props.value);
  useUnsent(value !== props.was);
  // Enter moves on, which blurs: the cell is left once.
  const done = useRef(false);
  const commit = (): void => {
    if (done.current) return;
    done.current = true;
    if (value !== props.was) props.save(value);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      done.current = true;
      props.leave();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      commit();
      props.next(event.key, event.shiftKey);
    }
  };
  return (
    <div
      className="in-cell"
      role="presentation"
      onKeyDown={pressed}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        commit();
        props.leave();
      }}
    >
      <Bare
        owner={props.owner}
        field={props.field}
        value={value}
        set={(to) => setValue(String(to ?? ''))}
        autoFocus
        ids={{ 'aria-label': props.label }}
      />
    </div>
  );
}
