import { expect, test } from 'vitest';
import { chosen, counted, joined, read, readTree, said, toggled, write } from './filters.ts';

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

test('conditions that must all hold stay plain, others become a tree and come back', () => {
  const a = { field: 'state', op: 'eq', value: 'draft' };
  const b = { field: 'party.region', op: 'in', value: '华东,华南' };
  expect(said({ join: 'and', parts: [a, b] })).toEqual({
    filter: ['state:eq:draft', 'party.region:in:华东,华南'],
  });
  const tree = { join: 'and' as const, parts: [a, { join: 'or' as const, parts: [a, b] }] };
  const { where } = said(tree);
  expect(JSON.parse(where ?? '')).toEqual({
    and: [
      ['state', 'eq', 'draft'],
      { or: [['state', 'eq', 'draft'], ['party.region', 'in', ['华东', '华南']]] },
    ],
  });
  expect(readTree(where)).toEqual(tree);
  expect(joined([], where)).toEqual(tree);
  expect(joined(['gross:gt:5'], where).parts).toHaveLength(2);
  expect(said({ join: 'or', parts: [a] })).toEqual({ filter: ['state:eq:draft'] });
  expect(said({ join: 'or', parts: [] })).toEqual({});
});

test('what is no tree is no condition', () => {
  for (const text of ['', '{', '7', '{"not":[]}', '[1,2,3]', '{"or":[7]}'])
    expect(readTree(text)).toBeUndefined();
});

test('counted days are told apart from named ones', () => {
  expect(counted('@last_30_days')).toEqual({ way: 'last', days: '30' });
  expect(counted('@next__days')).toEqual({ way: 'next', days: '' });
  expect(counted('@today')).toBeUndefined();
});
