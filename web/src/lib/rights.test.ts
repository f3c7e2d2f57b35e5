import { expect, test } from 'vitest';
import { covers } from './rights.ts';

test('a star covers what is before and behind it, and nothing else does', () => {
  expect(covers('*', 'sales.order.read')).toBe(true);
  expect(covers('*.read', 'sales.order.read')).toBe(true);
  expect(covers('*.read', 'sales.order.create')).toBe(false);
  expect(covers('terms.credit*', 'terms.credit.set_limit')).toBe(true);
  expect(covers('policy.hold.*', 'policy.hold.release')).toBe(true);
  expect(covers('sales.order.submit', 'sales.order.submit')).toBe(true);
  expect(covers('sales.order.submit', 'sales.order.submit2')).toBe(false);
});
