import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { partsIn } from '../../tools/words.ts';

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
const files = new Map(
  walk(join(root, 'src'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|schema\.d\.ts$/.test(path))
    .map((path) => [path, readFileSync(path, 'utf8')]),
);
const sources = [...files.values()].join('\n');

/** Keys made of a part that code knows and one that data says: `river-` and the stage. */
const madeIn = (source: string): string[] =>
  [...source.matchAll(/`([a-z][a-z-]*-)\$\{/g)].map((m) => m[1] ?? '');
const namedIn = (source: string): Set<string> =>
  new Set(
    [...source.matchAll(/['"`]([a-z][a-z0-9]*(?:-[a-z0-9]+)*)['"`]/g)].map((m) => m[1] ?? ''),
  );
const MADE = madeIn(sources);
const NAMED = namedIn(sources);

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

/** Who imports a file, at once or when a screen is opened, and with which parts of the words. */
type Import = { by: string; parts: string[] };
const importers = new Map<string, Import[]>();
const IMPORT = /(?:learning\(\s*'([a-z ]+)',\s*\(\) =>\s*)?(?:from |import\()'(\.[^']+)'/g;
for (const [by, source] of files)
  for (const [, parts, named] of source.matchAll(IMPORT)) {
    const target = normalize(join(dirname(by), named ?? ''));
    const known = importers.get(target) ?? [];
    importers.set(target, [...known, { by, parts: parts?.split(' ') ?? [] }]);
  }

/** Is a file opened only together with a part of the words? */
function brought(path: string, part: string, seen = new Set<string>()): boolean {
  const shown = (importers.get(path) ?? []).filter(({ by }) => !seen.has(by));
  const on = new Set([...seen, path]);
  return (
    shown.length > 0 &&
    shown.every(({ by, parts }) => parts.includes(part) || brought(by, part, on))
  );
}

test('a screen that says words of a later part is opened with that part', () => {
  const dumb: string[] = [];
  for (const [part, text] of partsIn('en')) {
    if (part === 'base' || part === 'activity') continue;
    const keys = [...text.matchAll(/^([a-z][\w-]*) =/gm)].map((m) => m[1] ?? '');
    for (const [path, source] of files) {
      const [named, made] = [namedIn(source), madeIn(source)];
      const said = keys.filter((key) => named.has(key) || made.some((m) => key.startsWith(m)));
      if (said.length > 0 && !brought(path, part))
        dumb.push(`${path.slice(root.length)} says ${said[0]} and is opened without '${part}'`);
    }
  }
  for (const [path, source] of files)
    if (source.includes('words.activity(') && !brought(path, 'activity'))
      dumb.push(`${path.slice(root.length)} names activities and is opened without them`);
  expect(dumb).toEqual([]);
});

test('both languages are parted alike', () => {
  const shape = (lang: string): string[] =>
    [...partsIn(lang)].flatMap(([part, text]) =>
      [...text.matchAll(/^([a-z][\w-]*) =/gm)].map((m) => `${part} ${m[1]}`),
    );
  expect(shape('zh-CN').sort()).toEqual(shape('en').sort());
});
