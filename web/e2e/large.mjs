// A list of very many orders in a real browser: opened, scrolled fifty pages, filtered, sorted,
// grouped; prints p50, p95 and the slowest of each kind.
//
//   node e2e/large.mjs [--orders N] [--data FOLDER]
//
// FOLDER (default: a new one) is filled by `huiliu bench fill` unless it holds a company. HUILIU
// names the program (a built one, profile perf, says something about the program).
// "answer": from the request to its last byte, as the browser sees it. "shown": from the press to
// two frames behind the new rows. Exit code 1 when an answer takes longer than 200 ms at p95; groups
// read every row of the list and are printed only.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, open, settled, signIn } from './browser.mjs';
import { HUILIU, serve } from './server.mjs';
import { ask, expectToast } from './steps.mjs';
import { words } from './words.mjs';

const WITHIN = 200;
const PAGES = 50;
const { values } = parseArgs({
  options: { orders: { type: 'string', default: '100000' }, data: { type: 'string' } },
});
const folder = values.data ?? mkdtempSync(join(tmpdir(), 'hl-large-'));
if (!existsSync(join(folder, 'huiliu.db')))
  execFileSync(HUILIU, ['bench', 'fill', '--data', folder, '--orders', values.orders], {
    stdio: 'inherit',
  });
// What `fill` makes has no users; the first question of `bench lists` makes the one who asks.
execFileSync(HUILIU, ['bench', 'lists', '--data', folder, '--orders', '1'], { stdio: 'pipe' });

const took = new Map();
const note = (kind, what, ms) => {
  const key = `${kind}, ${what}`;
  took.set(key, [...(took.get(key) ?? []), ms]);
};

const someCustomer = async (page) => {
  const { rows } = await ask(page, 'orders?limit=1&fields=party&count=no');
  return { customer: rows[0].party };
};

const server = await serve(folder, { own: true });
const browser = await launch();
let wrong = 0;
try {
  const { page, problems } = await open(browser, { lang: 'en' });
  await signIn(page, server.link);
  let kind = '';
  page.on('requestfinished', (request) => {
    if (!kind || !new URL(request.url()).pathname.startsWith('/api/v1/orders')) return;
    note(kind, 'answer', request.timing().responseEnd);
  });
  /** Does something, waits until the list shows it, and counts two frames behind that. */
  const step = async (of, act, shown) => {
    kind = of;
    const from = performance.now();
    await act();
    await shown();
    await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
    note(of, 'shown', performance.now() - from);
    await settled(page);
    kind = '';
  };
  const answered = (test) =>
    page.waitForResponse((r) => /\/api\/v1\/orders/.test(r.url()) && r.ok() && test(r.url()));
  const rows = page.locator('.grid tbody tr:has(a.no)');
  const { total } = await ask(page, 'orders?limit=1&count=exact');
  console.log(`${total} orders`);

  for (let n = 0; n < 5; n += 1) {
    await page.goto(`${server.url}/`);
    await settled(page);
    await step('open', () => page.locator('.nav a[href="/orders"]').click(), () => rows.first().waitFor());
  }
  for (let n = 0; n < PAGES; n += 1) {
    const before = await rows.count();
    await step(
      'scroll',
      () => page.locator('.grid').evaluate((el) => el.scrollTo(0, el.scrollHeight)),
      () => page.waitForFunction((c) => document.querySelectorAll('.grid tbody tr:has(a.no)').length > c, before),
    );
  }
  const filters = ['state:eq:closed', 'state:eq:confirmed', 'gross:gt:1000', 'ordered_on:ge:2026-01-01', 'fulfilment:ne:full'];
  // By the address inside the app, as the filter bar does it: nothing is loaded anew.
  const go = (search) =>
    page.evaluate((s) => {
      history.pushState({}, '', `/orders?${s}`);
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    }, search);
  const changed = async (of, search, holds) => {
    const answer = answered((url) => holds(new URL(url).searchParams));
    await step(of, () => go(search), () => answer);
  };
  for (let n = 0; n < 3; n += 1)
    for (const filter of filters) {
      const unlike = `${filter}&filter=number:ne:${n}`;
      await changed('filter', `filter=${unlike}`, (q) => q.getAll('filter').includes(filter));
    }
  for (const field of ['number', '-number', 'ordered_on', '-ordered_on', 'party', '-party'])
    await changed('sort', `sort=${field}`, (q) => q.get('sort') === field);
  // What no index leads is sorted by once a filter has made the list small; until then the head says so.
  const w = words('en');
  await go('');
  await rows.first().waitFor();
  for (const field of ['gross', 'promised_now']) {
    const label = w.field('order', field);
    const head = page.locator('.grid th button', { hasText: label }).first();
    if ((await head.count()) === 0) continue;
    // It is closed, but says why when it is pressed.
    await head.click({ force: true });
    await expectToast(page, w.t('sort-many', { what: label }));
    if (new URL(page.url()).searchParams.has('sort')) throw new Error(`sorted by ${field}`);
  }
  const { customer } = await someCustomer(page);
  for (const field of ['gross', '-gross', 'promised_now', '-promised_now'])
    await changed(
      'sort, of a customer',
      `filter=party:eq:${customer}&sort=${field}`,
      (q) => q.get('sort') === field,
    );
  for (const by of ['state', 'fulfilment', 'billing', 'currency'])
    await changed('group', `by=${by}`, (q) => [...q.values()].includes(by));
  await page.goto(`${server.url}/orders`);
  await rows.first().waitFor();
  const numbers = (await ask(page, 'orders?limit=200&fields=number&sort=id')).rows;
  const box = page.locator('input[data-list-search]');
  for (let n = 0; n < 10; n += 1) {
    const { number } = numbers[n * 19];
    const answer = answered((url) => new URL(url).searchParams.get('q') === number);
    await step('search', () => box.fill(number), () => answer);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
} finally {
  await browser.close();
  await server.stop();
  if (!values.data) rmSync(folder, { recursive: true, force: true });
}

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
console.log('| what | times | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|');
for (const [what, all] of took) {
  const sorted = all.toSorted((a, b) => a - b);
  const p95 = at(sorted, 0.95);
  if (what.endsWith('answer') && !what.startsWith('group') && p95 > WITHIN) wrong += 1;
  const cells = [sorted.length, at(sorted, 0.5), p95, sorted.at(-1)].map((n) => Math.round(n));
  console.log(`| ${what} | ${cells.join(' | ')} |`);
}
process.exitCode = wrong > 0 ? 1 : 0;
