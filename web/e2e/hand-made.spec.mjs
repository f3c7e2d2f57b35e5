// Every screen that the program makes by hand has a story, and every story that is named is there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { STORIES } from './stories.mjs';

const source = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

test('every screen made by hand has its story', () => {
  const made = ['../src/router.tsx', '../src/meta/registry.ts'].flatMap((path) =>
    [...source(path).matchAll(/import\('\.{1,2}\/screens\/([a-z-]+\.tsx)'\)/g)].map((m) => m[1]),
  );
  assert.ok(made.length > 30, `${made.length} screens found: are they still opened by import()?`);
  assert.deepEqual(
    [...new Set(made)].filter((screen) => !STORIES[screen]).sort(),
    [],
    'screens without a story in e2e/stories.mjs',
  );
  assert.deepEqual(
    Object.keys(STORIES).filter((screen) => !made.includes(screen)),
    [],
    'stories of screens that are gone',
  );
});

test('every story that is named is a test', () => {
  for (const [screen, [spec, title]] of Object.entries(STORIES)) {
    const titles = [...source(`./${spec}.spec.mjs`).matchAll(/\n\s*(?:test|bilingual)\(\s*['"`]([^\n]*)/g)];
    assert.ok(
      titles.some(([, said]) => said.startsWith(title)),
      `${screen}: ${spec}.spec.mjs has no “${title}”`,
    );
  }
});
