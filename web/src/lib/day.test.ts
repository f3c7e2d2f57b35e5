import { expect, test } from 'vitest';
import { daysBetween, lasted, plusDays, readDay } from './day.ts';

test('days are counted over months and leap years', () => {
  expect(plusDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(daysBetween('2026-01-31', '2026-03-01')).toBe(29);
});

test('days are read as people type them, and 31 February is none', () => {
  expect(readDay('2026-1-5', '2026-11-22')).toBe('2026-01-05');
  expect(readDay('20260105', '2026-11-22')).toBe('2026-01-05');
  expect(readDay('12/3', '2026-11-22')).toBe('2026-12-03');
  expect(readDay('12月3日', '2026-11-22')).toBe('2026-12-03');
  expect(readDay('+7', '2026-11-22')).toBe('2026-11-29');
  expect(readDay('2026-02-31', '2026-11-22')).toBeUndefined();
  expect(readDay('soon', '2026-11-22')).toBeUndefined();
});

test('how long it took is said in one unit', () => {
  expect(lasted('en', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00Z')).toBe('3 days');
  expect(lasted('zh-CN', '2026-01-01T00:00:00Z', '2026-01-01T00:20:00Z')).toBe('20分钟');
});
