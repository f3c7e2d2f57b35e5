// What is picked for an invoice is said by order where all of it goes, else by delivery.
import { expect, test } from 'vitest';
import { type Billable, keyOf, keysOf, linesOf } from './bill-data.ts';

const delivery = (id: string) => ({ services: false, shipment: { id, number: `SH-${id}` } });
const one: Billable = { id: '1', parts: [delivery('7'), delivery('8'), { services: true, shipment: null }] };
const two: Billable = { id: '2', parts: [delivery('9')] };

test('an order of which nothing is left out goes whole', () => {
  expect(linesOf([one, two], [])).toEqual([{ order: '1' }, { order: '2' }]);
});

test('of the others each delivery is named, and services by themselves', () => {
  const left = [keyOf(one, delivery('8')), ...keysOf(two)];
  expect(linesOf([one, two], left)).toEqual([
    { order: '1', shipment: '7' },
    { order: '1', services: true },
  ]);
  expect(linesOf([one, two], [...keysOf(one), ...keysOf(two)])).toEqual([]);
});
