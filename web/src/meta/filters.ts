// Conditions as the address says them: `field:op:value`.
import type { Field } from './meta.ts';

export type Filter = { field: string; op: string; value: string };

export function read(text: string): Filter | undefined {
  const [field, op, ...rest] = text.split(':');
  return field && op ? { field, op, value: rest.join(':') } : undefined;
}
export const write = (filter: Filter): string => `${filter.field}:${filter.op}:${filter.value}`;

/** How a field may be compared, the usual way first. */
export function opsOf(field: Field): string[] {
  switch (field.type) {
    case 'text':
    case 'long_text':
      return ['contains', 'starts', 'eq', 'ne'];
    case 'enum':
    case 'ref':
    case 'flag':
      return ['eq', 'ne'];
    default:
      return ['ge', 'le', 'eq', 'ne', 'gt', 'lt'];
  }
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
