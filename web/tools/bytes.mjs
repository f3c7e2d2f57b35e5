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
// The words of one language come with the first screen.
const words = files
  .filter((f) => /^(fields|web)-.*\.js$/.test(f))
  .map(size)
  .sort((a, b) => b - a)
  .slice(0, 2)
  .reduce((a, b) => a + b, 0);
const initial = sum(first) + words;
let broken = initial > FIRST;
console.log(
  `first: ${kb(initial)} of ${kb(FIRST)} (${first.size} scripts and the words of a language)`,
);
const screens = files.filter(
  (f) => f.endsWith('.js') && !first.has(f) && !/^(fields|web)-/.test(f),
);
const beyond = screens
  .map((name) => [name, sum([...closure([name])].filter((n) => !first.has(n)))])
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
