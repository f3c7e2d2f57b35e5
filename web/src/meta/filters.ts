// Conditions as the address says them: `field:op:value`, or a tree of and/or as JSON.
import type { Field } from './meta.ts';

export type Filter = { field: string; op: string; value: string };
/** A tree as the program reads it: one comparison, or some joined by *and* or *or*. */
export type Tree = Filter | { join: Join; parts: Tree[] };
export type Join = 'and' | 'or';

export const isTest = (tree: Tree): tree is Filter => 'op' in tree;

export function read(text: string): Filter | undefined {
  const [field, op, ...rest] = text.split(':');
  return field && op ? { field, op, value: rest.join(':') } : undefined;
}
export const write = (filter: Filter): string => `${filter.field}:${filter.op}:${filter.value}`;

/** Reads a tree of the address; nothing where it is none. */
export function readTree(text: string | undefined): Tree | undefined {
  if (!text) return undefined;
  try {
    return treeOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function treeOf(node: unknown): Tree | undefined {
  if (Array.isArray(node)) {
    const [field, op, value] = node as unknown[];
    if (typeof field !== 'string' || typeof op !== 'string') return undefined;
    return { field, op, value: Array.isArray(value) ? value.join(',') : String(value ?? '') };
  }
  if (typeof node !== 'object' || node === null) return undefined;
  const [join, parts] = Object.entries(node)[0] ?? [];
  if ((join !== 'and' && join !== 'or') || !Array.isArray(parts)) return undefined;
  const read = parts.map(treeOf);
  return read.some((p) => !p) ? undefined : { join, parts: read as Tree[] };
}

const nodeOf = (tree: Tree): unknown =>
  isTest(tree)
    ? [tree.field, tree.op, tree.op === 'in' ? tree.value.split(',') : tree.value]
    : { [tree.join]: tree.parts.map(nodeOf) };

/** What of the address says these conditions: plain ones where all must hold, else a tree. */
export function said(tree: Tree | undefined): { filter?: string[]; where?: string } {
  if (!tree) return {};
  if (isTest(tree)) return { filter: [write(tree)] };
  if (tree.parts.length === 0) return {};
  if (tree.parts.length === 1) return said(tree.parts[0]);
  const tests = tree.parts.filter(isTest);
  if (tree.join === 'and' && tests.length === tree.parts.length)
    return { filter: tests.map(write) };
  return { where: JSON.stringify(nodeOf(tree)) };
}

/** All conditions of an address as one tree, for the editor. */
export function joined(filters: string[], where: string | undefined): { join: Join; parts: Tree[] } {
  const tests = filters.map(read).filter((f): f is Filter => f !== undefined);
  const tree = readTree(where);
  if (!tree) return { join: 'and', parts: tests };
  if (tests.length === 0) return isTest(tree) ? { join: 'and', parts: [tree] } : tree;
  return { join: 'and', parts: [...tests, tree] };
}

/** How a field may be compared, the usual way first. `empty` says yes or no by its value. */
export function opsOf(field: Field): string[] {
  switch (field.type) {
    case 'text':
    case 'long_text':
      return ['contains', 'starts', 'eq', 'ne', 'empty', 'filled'];
    case 'flag':
      return ['eq'];
    case 'enum':
    case 'ref':
      return ['eq', 'ne', 'empty', 'filled'];
    case 'day':
    case 'instant':
      return ['eq', 'ne', 'lt', 'le', 'ge', 'gt', 'empty', 'filled'];
    default:
      return ['ge', 'le', 'eq', 'ne', 'gt', 'lt'];
  }
}

/** Days said from today on, in the order in which they are offered. */
export const PERIODS = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'next_week',
  'this_month',
  'last_month',
  'next_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
];

/** `@last_30_days`: which way, and how many days. */
export function counted(value: string): { way: 'last' | 'next'; days: string } | undefined {
  const found = /^@(last|next)_(\d*)_days$/.exec(value);
  return found ? { way: found[1] as 'last' | 'next', days: found[2] ?? '' } : undefined;
}

/** The choice among states with one more, or one less. */
export function toggled(filters: string[], field: string, value: string): string[] {
  const mine = filters
    .map(read)
    .find((f) => f?.field === field && (f.op === 'in' || f.op === 'eq'));
  const chosen = mine ? mine.value.split(',') : [];
  const next = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
  const others = filters.filter((text) => !mine || text !== write(mine));
  if (next.length === 0) return others;
  return [...others, write({ field, op: next.length === 1 ? 'eq' : 'in', value: next.join(',') })];
}

export function chosen(filters: string[], field: string): string[] {
  const mine = filters
    .map(read)
    .find((f) => f?.field === field && (f.op === 'in' || f.op === 'eq'));
  return mine ? mine.value.split(',') : [];
}
