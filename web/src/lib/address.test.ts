import { expect, test } from 'vitest';
import { askedBy, keptOf, parseSearch } from './address.ts';

test('a view keeps what a list asks, in one order, and nothing of the way there', () => {
  const search = { sort: '-day', filter: ['state:eq:draft', 'gross:gt:5'], saved: '7', back: 'x' };
  const kept = keptOf(search);
  expect(kept).toBe('filter=state%3Aeq%3Adraft&filter=gross%3Agt%3A5&sort=-day');
  expect(askedBy(kept)).toMatchObject({ filter: search.filter, sort: '-day', q: undefined });
  expect(keptOf(parseSearch(kept))).toBe(kept);
  expect(keptOf({ saved: 'none' })).toBe('');
});
