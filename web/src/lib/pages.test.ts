import { expect, test } from 'vitest';
import { inPages } from './pages.ts';

const rows = (count: number, height: number): number[] => Array.from({ length: count }, () => height);

test('lines that fit go on one page with their sums', () => {
  expect(inPages({ heights: rows(20, 8), most: 20, room: 200, roomOfLast: 170 })).toEqual([20]);
  expect(inPages({ heights: [], most: 20, room: 200, roomOfLast: 170 })).toEqual([0]);
});

test('a page has no more lines than it may, and none is higher than its room', () => {
  expect(inPages({ heights: rows(45, 8), most: 20, room: 200, roomOfLast: 170 })).toEqual([20, 20, 5]);
  expect(inPages({ heights: rows(5, 60), most: 20, room: 200, roomOfLast: 150 })).toEqual([3, 2]);
});

test('the sums never stand alone on the last page', () => {
  expect(inPages({ heights: rows(4, 50), most: 20, room: 200, roomOfLast: 120 })).toEqual([3, 1]);
});

test('a line that is higher than a page has one for itself', () => {
  expect(inPages({ heights: [300, 10], most: 20, room: 200, roomOfLast: 150 })).toEqual([1, 1]);
});
