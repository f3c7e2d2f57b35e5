import { expect, test } from 'vitest';
import { call, calling, partsOf, standing, toSent, toWritten, type Task } from './talk.ts';

const fang = { id: '17', name: '王芳', login: 'wang.fang' };
const namesake = { id: '18', name: '王芳', login: 'wang.fang2' };

test('who is called stands in a kept text by id, and is shown by the name of today', () => {
  expect(partsOf('@{17} 能发吗？@{9}', { '17': '王芳' })).toEqual([
    { id: '17', name: '王芳' },
    ' 能发吗？',
    { id: '9', name: '9' },
  ]);
  expect(partsOf('a@b.com @{x} @{}', {})).toEqual(['a@b.com @{x} @{}']);
});

test('what is typed behind an @ is found, also behind a Chinese word and a full-width one', () => {
  const cases: [string, ReturnType<typeof calling>][] = [
    ['@', { from: 0, typed: '' }],
    ['请@王', { from: 1, typed: '王' }],
    ['ok ＠wa', { from: 3, typed: 'wa' }],
    ['mail me at li@huaxing', null],
    ['@王芳 能', null],
    ['no', null],
    [`@${'长'.repeat(21)}`, null],
  ];
  for (const [text, found] of cases) expect(calling(text, text.length), text).toEqual(found);
  expect(calling('@wa and more', 3)).toEqual({ from: 0, typed: 'wa' });
});

test('a chosen person takes the place of what was typed, and goes out as an id', () => {
  const first = call({ text: '请@王 看', called: {} }, { from: 1, typed: '王' }, fang);
  expect([first.text, first.caret]).toEqual(['请@王芳 看', 5]);
  expect(toSent(first)).toBe('请@{17} 看');
  const second = call({ ...first, text: `${first.text} @` }, { from: 7, typed: '' }, namesake);
  expect(second.text).toBe('请@王芳 看 @王芳(wang.fang2) ');
  expect(toSent(second)).toBe('请@{17} 看 @{18} ');
  expect(toSent({ text: '@李四', called: {} })).toBe('@李四');
});

test('a kept text is written on without anybody being lost', () => {
  const people = { '17': '王芳', '18': '王芳', '9': 'Wang' };
  const kept = '@{17} @{18} @{9} 好';
  const written = toWritten(kept, people);
  expect(toSent(written)).toBe(kept);
  expect(toSent({ ...written, text: written.text.replace('@王芳 ', '') })).toBe('@{18} @{9} 好');
});

test('a task is late behind its day, and an ended one never', () => {
  const of = (due: string | null, state = 'todo') =>
    standing({ due, state } as Task, '2026-03-02');
  const days = [of('2026-03-01'), of('2026-03-02'), of('2026-03-03'), of(null)];
  expect(days).toEqual(['late', 'today', 'later', 'later']);
  expect(of('2026-03-01', 'done')).toBe('ended');
});
