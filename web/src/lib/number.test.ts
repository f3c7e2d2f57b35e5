import { expect, test } from 'vitest';
import { add, amount, compact, compare, isZero, money, parse, sign, text } from './number.ts';

test('decimals from people are read with commas, full-width commas and currency signs', () => {
  expect(text(parse('1,234.50') ?? 0n)).toBe('1234.5');
  expect(text(parse('¥ 1，000') ?? 0n)).toBe('1000');
  expect(text(parse('-.5') ?? 0n)).toBe('-0.5');
  expect(parse('12a')).toBeUndefined();
  expect(parse('')).toBeUndefined();
  expect(parse('.')).toBeUndefined();
});

test('sums are exact where floats are not', () => {
  expect(add(['0.1', '0.2'])).toBe('0.3');
  expect(add(['999999999999.99', '0.01'])).toBe('1000000000000');
  expect(compare('0.30', '0.3')).toBe(0);
  expect(sign('-0.01')).toBe(-1);
  expect(isZero('0.00')).toBe(true);
});

test('amounts of twelve digits keep every cent in both languages', () => {
  expect(amount('zh-CN', '999999999999.99')).toBe('999,999,999,999.99');
  expect(money('en', '1234.5', 'CNY')).toBe('¥1,234.50');
  expect(compact('zh-CN', '1220000000', 'CNY')).toBe('¥12.2亿');
  expect(compact('en', '1220000000', 'CNY')).toBe('¥1.2B');
});
