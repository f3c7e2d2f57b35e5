import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

const owed = [
  { id: '1', number: 'IV-1', open: '100.00' },
  { id: '2', number: 'IV-2', open: '250.00' },
  { id: '3', number: 'IV-3', open: '70.00' },
];

test('the invoice that the payment names is paid first', () => {
  expect(suggest('250.00', 'pay IV-2', owed)).toEqual({ 2: '250' });
  expect(suggest('300.00', 'IV-1 IV-2', owed)).toEqual({ 1: '100', 2: '200' });
});

test('one invoice of the very amount is paid, wherever it stands', () => {
  expect(suggest('70.00', '货款', owed)).toEqual({ 3: '70' });
});

test('else the oldest are paid, and never more than there is', () => {
  expect(suggest('120.00', '', owed)).toEqual({ 1: '100', 2: '20' });
  expect(suggest('0', '', owed)).toEqual({});
});
