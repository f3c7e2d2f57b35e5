import { expect, test } from 'vitest';
import { isTouched } from './live.ts';

const order = { entity: 'order', collection: 'orders', id: '7', version: 3 };

test('a list is fetched again unless it holds the row in that version', () => {
  const key = ['list', 'orders', undefined, undefined, '-id', 'number'];
  const pages = (version: number) => ({ pages: [{ rows: [{ id: '7', version }] }] });
  expect(isTouched(key, pages(2), [order])).toBe(true);
  expect(isTouched(key, pages(3), [order])).toBe(false);
  expect(isTouched(key, { pages: [{ rows: [] }] }, [order])).toBe(true);
  expect(isTouched(['list', 'parties'], pages(2), [order])).toBe(false);
});

test('a detail and its story are fetched for their own row only', () => {
  expect(isTouched(['row', 'orders', '7'], { id: '7', version: 2 }, [order])).toBe(true);
  expect(isTouched(['row', 'orders', '7'], { id: '7', version: 3 }, [order])).toBe(false);
  expect(isTouched(['row', 'orders', '8'], { id: '8', version: 1 }, [order])).toBe(false);
  expect(isTouched(['facts', 'orders', '7'], { rows: [] }, [order])).toBe(true);
});

test('what a form typed, who one is and what is declared are left alone', () => {
  for (const key of [['preview', 'orders', 1], ['me'], ['meta', 'order'], ['pick', 'order', '']])
    expect(isTouched(key, undefined, [order])).toBe(false);
});
