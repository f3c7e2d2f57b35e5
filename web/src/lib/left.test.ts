import { expect, test } from 'vitest';
import { goingBack, leave, leftAt, stepped } from './left.ts';

const where = (top: number) => ({ top, at: 2, selected: new Set(['7']) });

test('a list is found as it was left by going back, and anew by a link', () => {
  leave('orders?', where(800));
  stepped('PUSH');
  expect(leftAt('orders?')).toBeUndefined();
  stepped('BACK');
  expect(leftAt('orders?')).toMatchObject({ top: 800, at: 2 });
  // A filter changes the address where one stands.
  stepped('REPLACE');
  expect(leftAt('orders?')?.selected.has('7')).toBe(true);
  expect(leftAt('orders?sort=day')).toBeUndefined();
  // The crumb above a record is a link that goes back; the next link is not.
  goingBack();
  stepped('PUSH');
  expect(leftAt('orders?')?.top).toBe(800);
  stepped('PUSH');
  expect(leftAt('orders?')).toBeUndefined();
});

test('only the last lists are remembered', () => {
  stepped('BACK');
  for (let n = 0; n < 30; n += 1) leave(`list ${n}`, where(n));
  expect(leftAt('list 0')).toBeUndefined();
  expect(leftAt('list 29')?.top).toBe(29);
});
