// What a browser must fetch: the first script with all it imports, and each screen beyond it, by
// gzip. Fails above the limits; prints the figures.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '../dist');
const FIRST = 150 * 1024;
const SCREEN = 60 * 1024;

const files = readdirSync(join(dist, 'assets'));
const size = (name) => {
  const coded = join(dist, 'assets', `${name}.gz`);
  return readFileSync(existsSync(coded) ? coded : join(dist, 'assets', name)).length;
};
const source = (name) => readFileSync(join(dist, 'assets', name), 'utf8');
/** What a script imports before it can run. */
const imports = (name) =>
  [...source(name).matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g)].map((m) => m[1]);
function closure(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    closure(imports(name), found);
  }
  return found;
}
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
const sum = (names) => [...names].reduce((all, name) => all + size(name), 0);

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const entries = [...html.matchAll(/(?:src|href)="\/assets\/([\w-]+\.js)"/g)].map((m) => m[1]);
const first = closure(entries);
// The words of one language come with the first screen; a later one may bring a part of its own.
const isWords = (name) => name.startsWith('words-');
const part = (name) =>
  Math.max(0, ...files.filter((f) => new RegExp(`^words-[\\w-]+-${name}-.{8}\\.js$`).test(f)).map(size));
const words = part('base');
/** Which parts a screen's script is opened with: `learning('office', () => import(…))`. */
const opened = new Map();
for (const file of ['router.tsx', 'meta/registry.ts']) {
  const text = readFileSync(resolve(import.meta.dirname, '../src', file), 'utf8');
  const all = text.matchAll(/learning\(\s*'([a-z ]+)',\s*\(\) =>\s*import\('.*?([\w-]+)\.tsx'/g);
  for (const [, parts, screen] of all) opened.set(screen, parts.split(' '));
}
const learnt = (name) => opened.get(name.replace(/-.{8}\.js$/, '')) ?? [];
if (words === 0) throw new Error('no words found in the build');
const initial = sum(first) + words;
let broken = initial > FIRST;
console.log(
  `first: ${kb(initial)} of ${kb(FIRST)} (${first.size} scripts and the words of a language)`,
);
const screens = files.filter(
  (f) => f.endsWith('.js') && !first.has(f) && !isWords(f),
);
const beyond = screens
  .map((name) => {
    const all = [...closure([name])].filter((n) => !first.has(n));
    return [name, sum(all) + learnt(name).reduce((bytes, of) => bytes + part(of), 0)];
  })
  .sort((a, b) => b[1] - a[1]);
for (const [name, bytes] of beyond) {
  const over = bytes > SCREEN;
  broken ||= over;
  if (over || bytes > SCREEN / 4)
    console.log(`${over ? 'OVER  ' : '      '}${name}: ${kb(bytes)} of ${kb(SCREEN)}`);
}
const css = files
  .filter((f) => f.endsWith('.css'))
  .map(size)
  .reduce((a, b) => a + b, 0);
console.log(`styles: ${kb(css)}; all scripts: ${kb(sum(files.filter((f) => f.endsWith('.js'))))}`);
process.exit(broken ? 1 : 0);
