// What the program declares of its entities: everything that lists, forms and details are made of.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { teach } from '../lib/i18n.tsx';
import type { Look } from './looks.ts';

export type FieldType =
  | 'text'
  | 'long_text'
  | 'int'
  | 'money'
  | 'qty'
  | 'price'
  | 'rate'
  | 'day'
  | 'instant'
  | 'flag'
  | 'enum'
  | 'ref'
  | 'json';

export type Field = {
  name: string;
  type: FieldType;
  required: boolean;
  in_list: boolean;
  by_commands: boolean;
  personal: boolean;
  /** An index leads a list in its order: it comes at once from any number of rows. */
  sorted?: boolean;
  /** Of a column that names rows: what orders the list by what they are called. */
  sort?: string;
  /** What it means to people beyond its type. */
  look?: Look;
  max?: number;
  options?: string[];
  /** The entity whose id it holds. */
  ref?: string;
  /** The field that names the entity whose id it holds. */
  ref_field?: string;
  /** Declared by the tenant; its labels come with it. */
  custom?: boolean;
  filterable?: boolean;
  labels?: Record<string, string>;
};

export type Verb = { name: string; may: boolean; moves: boolean; takes: Field[]; lines: Field[] };
export type LineEntity = {
  name: string;
  collection: string;
  parent: string;
  title: string;
  fields: Field[];
};
export type Entity = {
  name: string;
  collection: string;
  room: string;
  grade: 'plain' | 'guarded' | 'document' | 'line';
  title: string;
  /** The order that its list begins with; empty: the newest first. */
  order: string;
  fields: Field[];
  lines: LineEntity[];
  states: string[];
  moves: { from: string; verb: string; to: string }[];
  verbs: Verb[];
  related: { entity: string; collection: string; field: string }[];
  /** May this user write its rows without a verb? */
  writes: boolean;
};
export type Known = {
  name: string;
  collection: string;
  room: string;
  title: string;
  create: boolean;
  permissions: string[];
};

const FOREVER = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY };

export const indexQuery = {
  queryKey: ['meta'] as const,
  queryFn: () => get<{ entities: Known[] }>('meta').then((answer) => answer.entities),
  ...FOREVER,
};

export const entityQuery = (name: string) => ({
  queryKey: ['meta', name] as const,
  queryFn: async () => {
    const entity = await get<Entity>(`meta/${name}`);
    for (const field of entity.fields)
      if (field.labels) teach(entity.name, field.name, field.labels);
    return entity;
  },
  ...FOREVER,
});

export const useIndex = (): Known[] => useSuspenseQuery(indexQuery).data;
/** The index once it is known. A part of a screen asks so: one that suspends would hide the whole
 * screen, and what somebody is typing would lose its focus. */
export const useIndexQuery = (): Known[] | undefined => useQuery(indexQuery).data;
export const useEntity = (name: string): Entity => useSuspenseQuery(entityQuery(name)).data;
/** The entity once it is known; for what may show without. */
export const useEntityQuery = (name: string, enabled = true) =>
  useQuery({ ...entityQuery(name), enabled });

/** Fields of the machinery that nobody wants to look at. */
const MACHINERY = new Set([
  'id',
  'version',
  'scope_id',
  'batch_id',
  'exact',
  'history',
  'open_fields_waived',
  'digest',
]);
export const isForPeople = (field: Field): boolean =>
  !MACHINERY.has(field.name) && field.type !== 'json';

/** Columns that a list begins with, at most; people choose others. */
const MOST_COLUMNS = 9;

/** What matters first, by type: who, how it stands, how much, by when. */
function weight(entity: Entity, field: Field): number {
  if (field.name === entity.title || field.name === 'code') return 0;
  if (field.name === 'name' || field.name === 'company_name') return 1;
  if (field.type === 'ref') return field.ref === 'user' ? 7 : 2;
  if (field.type === 'enum') return 3;
  if (field.type === 'money' || field.type === 'price' || field.type === 'qty') return 4;
  if (field.type === 'day') return 5;
  if (field.type === 'instant') return 6;
  return 8;
}

/** The columns of a list unless somebody chose others. An amount says its currency itself. */
export function columnsOf(entity: Entity): Field[] {
  const hasMoney = entity.fields.some((f) => f.type === 'money');
  const possible = entity.fields.filter(
    (f) => f.in_list && isForPeople(f) && !(hasMoney && f.name === 'currency'),
  );
  const ordered = possible
    .map((field, at) => ({ field, key: weight(entity, field) * 100 + at }))
    .sort((a, b) => a.key - b.key);
  return ordered.slice(0, MOST_COLUMNS).map((o) => o.field);
}
/** The order that a list is asked for. */
export const orderOf = (entity: Entity, sort: string | undefined): string =>
  sort ?? (entity.order || '-id');
export const fieldOf = (fields: Field[], name: string): Field | undefined =>
  fields.find((f) => f.name === name);

/** What people know a row by comes first. */
export function withTitle(entity: Entity, names: string[]): string[] {
  if (entity.title === 'id') return names;
  const code = names.includes('code') && entity.title === 'name' ? ['code'] : [];
  return [...new Set([...code, entity.title, ...names])];
}
