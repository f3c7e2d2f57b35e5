import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

const keysOf = (file: string): string[] =>
  [...readFileSync(join(root, '../locales', file), 'utf8').matchAll(/^([a-z][\w-]*) =/gm)].map(
    (m) => m[1] ?? '',
  );
const sources = walk(join(root, 'src'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|schema\.d\.ts$/.test(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** Keys made of a part that code knows and one that data says: `river-` and the stage. */
const MADE = [...sources.matchAll(/`([a-z][a-z-]*-)\$\{/g)].map((m) => m[1] ?? '');
const NAMED = new Set(
  [...sources.matchAll(/['"`]([a-z][a-z0-9]*(?:-[a-z0-9]+)*)['"`]/g)].map((m) => m[1] ?? ''),
);

test('every key of the app is used, or made from data', () => {
  const unused = keysOf('en/web.ftl').filter(
    (key) => !NAMED.has(key) && !MADE.some((made) => key.startsWith(made)),
  );
  expect(unused).toEqual([]);
});

test('every key that code names is said in both languages', () => {
  const asked = [...sources.matchAll(/\bt\('([a-z][\w.-]*)'/g)].map(
    (m) => (m[1] ?? '').split('.')[0] ?? '',
  );
  for (const lang of ['zh-CN', 'en']) {
    const said = new Set([...keysOf(`${lang}/web.ftl`), ...keysOf(`${lang}/fields.ftl`)]);
    expect(asked.filter((key) => !said.has(key))).toEqual([]);
  }
});
