// A condition in the reader's words: for chips, and for names of views.
import { type Words, useWords } from '../lib/i18n.tsx';
import { amount, quantity } from '../lib/number.ts';
import { sayFigure } from './looks.ts';
import { type Filter, type Tree, counted, isTest } from './filters.ts';
import { type Entity, type Field, entityQuery, fieldOf } from './meta.ts';
import { useQueries } from '@tanstack/react-query';

/** A field of the list's rows, or of the row that `by` names. */
export type Reached = { path: string; by: Field | undefined; owner: string; field: Field };

/** The field that a path leads to; nothing while the other entity is not known. */
export function reached(
  entity: Entity,
  path: string,
  others: ReadonlyMap<string, Entity>,
): Reached | undefined {
  const [first = '', second] = path.split('.');
  const by = fieldOf(entity.fields, first);
  if (!second) return by && { path, by: undefined, owner: entity.name, field: by };
  const to = by?.ref ? others.get(by.ref) : undefined;
  const field = to && fieldOf(to.fields, second);
  return field && { path, by, owner: to.name, field };
}

/** The declarations of entities, as far as they are known; asked for by their names. */
export function useEntities(names: string[]): ReadonlyMap<string, Entity> {
  const asked = useQueries({
    queries: names.map((name) => ({ ...entityQuery(name), retry: false })),
  });
  return new Map(asked.flatMap((a) => (a.data ? [[a.data.name, a.data] as const] : [])));
}

/** The entities that a tree's paths go through. */
export function through(entity: Entity, tree: Tree): string[] {
  if (!isTest(tree)) return [...new Set(tree.parts.flatMap((p) => through(entity, p)))];
  const [by = '', second] = tree.field.split('.');
  const ref = second ? fieldOf(entity.fields, by)?.ref : undefined;
  return ref ? [ref] : [];
}

export function pathWords(words: Words, entity: Entity, to: Reached): string {
  const name = words.field(to.owner, to.field.name);
  return to.by ? `${words.field(entity.name, to.by.name)} › ${name}` : name;
}

/** Says when, what, or how much; `title` names what an id stands for. */
function valueWords(words: Words, to: Reached | undefined, value: string, title?: string): string {
  const { field, owner } = to ?? {};
  const t = (key: string, args?: Record<string, string>): string => words.t(key, args);
  if (value === '') return t('filter-nothing');
  const days = counted(value);
  if (days) return t(`period-${days.way}-days`, { days: days.days });
  if (value.startsWith('@'))
    return words.find(`period-${value.slice(1).replaceAll('_', '-')}`) ?? value.slice(1);
  const one = (text: string): string => {
    const figure = field?.look && sayFigure(words.lang, field.look, field.type, text);
    if (figure) return figure;
    if (field?.type === 'money') return amount(words.lang, text);
    if (field?.type === 'qty' || field?.type === 'price') return quantity(words.lang, text);
    if (field?.type === 'flag') return t(text === 'true' || text === 'yes' ? 'yes' : 'no');
    if (field?.type === 'ref') return title || text;
    return field && owner ? words.option(owner, field.name, text) : text;
  };
  return value.split(',').map(one).join(t('list-comma'));
}

/** The comparison's word; of days it is one of time. */
export function opWords(words: Words, op: string, field: Field | undefined): string {
  const isTime = field?.type === 'day' || field?.type === 'instant';
  return (isTime ? words.find(`op-${op}-time`) : undefined) ?? words.t(`op-${op}`);
}

export function testWords(
  words: Words,
  entity: Entity,
  to: Reached | undefined,
  test: Filter,
  title?: string,
): string {
  const name = to ? pathWords(words, entity, to) : test.field;
  if (test.op === 'empty')
    return `${name} ${words.t(test.value === 'no' ? 'op-filled' : 'op-empty')}`;
  const value = valueWords(words, to, test.value, title);
  return `${name} ${opWords(words, test.op, to?.field)} ${value}`;
}

/** A whole tree in words, joined by *and* and *or*. */
export function useTreeWords(entity: Entity, tree: Tree): string {
  const { words } = useWords();
  const others = useEntities(through(entity, tree));
  const say = (node: Tree, inner: boolean): string => {
    if (isTest(node)) return testWords(words, entity, reached(entity, node.field, others), node);
    const parts = node.parts.map((p) => say(p, true)).join(` ${words.t(`join-${node.join}`)} `);
    return inner && node.parts.length > 1 ? words.t('join-group', { parts }) : parts;
  };
  return say(tree, false);
}
