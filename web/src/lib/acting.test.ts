import { beforeEach, expect, test } from 'vitest';
import { acting, actingHeader, setActing } from './acting.ts';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  });
});

test('nobody is acted for until somebody is chosen, and no longer than that', () => {
  expect(acting()).toBeNull();
  expect(actingHeader()).toEqual({});
  setActing({ id: '42', name: '王芳' });
  expect(actingHeader()).toEqual({ 'Huiliu-Acting-For': '42' });
  setActing(null);
  expect(actingHeader()).toEqual({});
});

test('what is kept and is no number is not sent', () => {
  for (const wrong of ['{', '"x"', '{"id":"a\\nb"}', '{"id":7}']) {
    kept.set('hl.acting', wrong);
    expect(acting()).toBeNull();
  }
});
