import { expect, test } from 'vitest';
import { chosen, read, toggled, write } from './filters.ts';

test('a condition keeps colons in its value', () => {
  const text = 'sent_at:ge:2026-01-01T00:00:00Z';
  expect(read(text)).toEqual({ field: 'sent_at', op: 'ge', value: '2026-01-01T00:00:00Z' });
  expect(write(read(text)!)).toBe(text);
  expect(read('state')).toBeUndefined();
});

test('states are chosen one by one and others stay', () => {
  const one = toggled(['gross:gt:5'], 'state', 'draft');
  expect(one).toEqual(['gross:gt:5', 'state:eq:draft']);
  const two = toggled(one, 'state', 'confirmed');
  expect(two).toEqual(['gross:gt:5', 'state:in:draft,confirmed']);
  expect(chosen(two, 'state')).toEqual(['draft', 'confirmed']);
  expect(toggled(toggled(two, 'state', 'draft'), 'state', 'confirmed')).toEqual(['gross:gt:5']);
});
