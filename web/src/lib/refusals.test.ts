import { expect, test } from 'vitest';
import { Words } from './i18n.tsx';
import { lacking, spoken } from './refusals.ts';

const words = new Words('en', ['field-webhook-activities = Facts told\nfield-qty = Quantity\n']);

test('a refusal names a field by its label, of its owner first', () => {
  const said = 'The value "x" of the field "activities" is not valid.';
  expect(spoken(words, 'webhooks', said, ['activities'])).toBe(
    'The value "x" of the field "Facts told" is not valid.',
  );
  expect(spoken(words, 'receipts', '请填写“qty”。', ['qty'])).toBe('请填写“Quantity”。');
});

test('a permission that is missing says what it is about', () => {
  const known = new Words('en', ['entity-entry = Entry\n']);
  const said = 'You lack the permission "ledger.entry.read".';
  expect(lacking(known, said, 'ledger.entry.read')).toBe(
    'You lack the permission "Entry · ledger.entry.read".',
  );
  expect(lacking(known, 'You lack "own.thing".', 'own.thing')).toBe('You lack "own.thing".');
});

test('what has no label, and what no field is, stays as it was said', () => {
  expect(spoken(words, 'orders', 'Fill in "c_own".', ['c_own', undefined])).toBe('Fill in "c_own".');
  expect(spoken(undefined, 'orders', 'Fill in "qty".', ['qty'])).toBe('Fill in "qty".');
});
