import { expect, test } from 'vitest';
import { type Line, cellsOf, sentLines } from './line-grid.tsx';

test('a block from Excel is rows of cells, without the empty row behind', () => {
  expect(cellsOf('P-1\t10\t3.5\r\nP-2\t20\t\r\n')).toEqual([
    ['P-1', '10', '3.5'],
    ['P-2', '20', ''],
  ]);
});

test('lines without a product are not sent, and commas are no digits', () => {
  const lines: Line[] = [{ product: '1', qty: '1,000', price: '' }, { qty: '5' }, {}];
  expect(sentLines(lines, ['product', 'qty', 'price'])).toEqual([{ product: '1', qty: '1000' }]);
});
