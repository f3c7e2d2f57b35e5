// Every screen in light and dark, on a desk and on a phone, in both languages: no accessibility
// violation, nothing wider than the screen, nothing logged as an error.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, launch, open, settled, signIn } from './browser.mjs';
import { misfits } from './fits.mjs';
import { places } from './places.mjs';
import { demo, serve } from './server.mjs';
import { widePlaces } from './wide.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Screens that show every kind of part; the others are made of the same. */
const KEY = [
  'home',
  'orders',
  'leads board',
  'order held',
  'chain',
  'new order',
  'customer',
  'pick open',
  'matching',
  'ledger',
  'rights',
];
const LOOKS = [
  { lang: 'zh-CN', theme: 'light', size: DESKTOP },
  { lang: 'en', theme: 'dark', size: PHONE },
  { lang: 'en', theme: 'dark', size: DESKTOP, only: KEY },
  { lang: 'zh-CN', theme: 'light', size: PHONE, only: KEY },
];

/** `HUILIU_E2E_ONLY=approvals,orders`: only these, while one works on them. */
const asked = process.env.HUILIU_E2E_ONLY?.split(',');

let browser;
let made;
before(async () => {
  browser = await launch();
  made = demo();
});
after(async () => {
  await browser.close();
  made.drop();
});

/** A program of its own with every address of it, and the session that may open them. */
async function begun(enter) {
  const server = await serve(made.folder);
  const first = await open(browser, {});
  await signIn(first.page, server.link);
  const addresses = await enter(first.page, server);
  const state = cookiesOnly(await first.context.storageState());
  await first.close();
  return { server, addresses, state };
}

/** The guards that Base UI sets around a menu send the focus on at once; nobody rests on them.
 *  Rules of the four WCAG 2 levels that we hold, and what is good practice besides. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(
      { exclude: ['[data-base-ui-focus-guard]'] },
      { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    ),
  );
  return found.violations.map(
    (v) =>
      `${v.id}: ${v.nodes
        .slice(0, 3)
        .map((n) => n.target.join(' '))
        .join(' | ')} (${v.nodes.length})`,
  );
}

// Two at once, each with a program of its own: each waits a good deal for its page.
describe('screens', { concurrency: 2 }, () => {
  for (const look of LOOKS) {
    const name = `${look.lang} ${look.theme} ${look.size.width}`;
    test(`all screens are accessible and fit: ${name}`, async () => {
      const { server, addresses, state } = await begun(places);
      const { page, problems, close } = await open(browser, { ...look, state });
      const wrong = [];
      for (const [what, path, then] of addresses.filter(
        ([what]) => asked?.includes(what) ?? look.only?.includes(what) ?? true,
      )) {
        await page.goto(server.url + path);
        await settled(page, 200);
        if (then) await then(page);
        if ((await page.locator('main .lucide-cloud-off').count()) > 0)
          wrong.push(`${what}: ${await page.locator('main .empty, main').first().innerText()}`);
        for (const found of await violations(page)) wrong.push(`${what}: ${found}`);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (over > 0) wrong.push(`${what}: ${over} px wider than the screen`);
        for (const problem of problems.splice(0)) wrong.push(`${what}: ${problem}`);
      }
      await close();
      await server.stop();
      assert.deepEqual(wrong, []);
    });
  }
});

/** Screens with figures and names side by side; the others are made of the same parts. */
const WIDE = [
  'wide home',
  'wide orders',
  'wide order',
  'wide new order',
  'wide print order',
  'wide print slip',
  'wide print invoice',
  'wide invoice several',
  'wide products',
  'wide customer',
  'wide bill several',
  'wide matching',
  'wide new change order',
  'wide opportunities board',
  'wide opportunities calendar',
  'wide ledger',
  'wide trail',
];

test('names of sixty characters, amounts of twelve digits and 200 lines fit', async () => {
  const { server: long, addresses: all, state: kept } = await begun((page, server) =>
    widePlaces(page, async (path) => {
      const other = await open(browser, {});
      await signIn(other.page, server.url + path);
      return other;
    }),
  );
  const wrong = [];
  for (const [lang, size] of [['en', PHONE], ['zh-CN', DESKTOP]]) {
    const { page, problems, close } = await open(browser, { lang, size, state: kept });
    for (const [what, path, then] of all.filter(([what]) => asked?.includes(what) ?? WIDE.includes(what))) {
      await page.goto(long.url + path);
      await settled(page);
      if (then) await then(page);
      const where = `${what} ${lang} ${size.width}`;
      for (const found of [...(await misfits(page)), ...(await violations(page)), ...problems.splice(0)])
        wrong.push(`${where}: ${found}`);
    }
    await close();
  }
  await long.stop();
  assert.deepEqual(wrong, []);
});

/** The session without what the first browser chose to look like. */
const cookiesOnly = (kept) => ({ cookies: kept.cookies, origins: [] });
