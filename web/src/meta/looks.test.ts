import { expect, test } from 'vitest';
import { dialled, isReachable, isWeb, ofClock, ofHundredths, sayFigure, tagsOf, toClock, toHundredths } from './looks.ts';

test('a rate of one is said in hundredths, exactly, and so is a whole number of them', () => {
  expect(sayFigure('zh-CN', 'percent', 'rate', '0.13')).toBe('13%');
  expect(sayFigure('en', 'percent', 'rate', '0.0825')).toBe('8.25%');
  expect(sayFigure('en', 'percent', 'int', 40)).toBe('40%');
  expect(toHundredths('0.07')).toBe('7');
  expect(ofHundredths('7')).toBe('0.07');
  expect(ofHundredths('12.5％')).toBe('0.125');
  expect(ofHundredths('much')).toBeUndefined();
});

test('days, minutes after midnight and bytes are said in words', () => {
  expect(sayFigure('en', 'days', 'int', 1)).toBe('1 day');
  expect(sayFigure('en', 'days', 'int', 30)).toBe('30 days');
  expect(sayFigure('zh-CN', 'days', 'int', 30)).toMatch(/^30\s?天$/);
  expect(sayFigure('en', 'clock', 'int', 485)).toBe('08:05');
  expect(sayFigure('en', 'size', 'int', 1_440_000)).toBe('1.4 MB');
  expect([toClock('485'), toClock(''), ofClock('08:05'), ofClock('')]).toEqual(['08:05', '', '485', '']);
});

test('only an address of the web is a link, and a masked number is not called', () => {
  expect(isWeb('https://example.com/a?b=1')).toBe(true);
  expect(isWeb('javascript:alert(1)')).toBe(false);
  expect(isWeb(' https://x')).toBe(false);
  expect(isReachable('138****0000')).toBe(false);
  expect(dialled('+86 (571) 8899-0011')).toBe('+8657188990011');
  expect(tagsOf('a.b, c\nd')).toEqual(['a.b', 'c', 'd']);
});
