// A field that only a declaration of a test build knows: it is in the list, in the form, among the
// filters and in the table that is taken out, without a line of web code. The API's half, and the
// build itself, is `crates/http/tests/web/declared.rs`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { launch, open, settled, withToken } from './browser.mjs';
import { ask, button, input } from './steps.mjs';
import { words } from './words.mjs';

const w = words('en');
const root = resolve(import.meta.dirname, '../..');

/** The house of the API's tests, served until its standard input closes. */
async function house() {
  // As the workspace's tests were built: with one crate alone, half of them would be built anew.
  const args = ['test', '-q', '--workspace', '--test', 'web', '--', '--ignored', '--nocapture'];
  const child = spawn('cargo', [...args, 'a_house_to_look_at'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  const served = new Promise((done, fail) => {
    child.stdout.on('data', (text) => {
      said += text;
      const found = said.match(/serving (\S+) (\S+)/);
      if (found) done(found.slice(1));
    });
    child.on('exit', () => fail(new Error(`the house did not open:\n${said}`)));
  });
  const [url, token] = await served;
  const stop = async () => {
    child.stdin.end();
    await new Promise((done) => (child.exitCode === null ? child.on('exit', done) : done()));
  };
  return { url, token, stop };
}

test('a declared field is in list, form, filter and export without web code', async () => {
  const { url, token, stop } = await house();
  const browser = await launch();
  try {
    const { page, context, problems } = await open(browser, { lang: 'en' });
    await withToken(context, url, token);
    await page.goto(`${url}/products/new`);
    await input(page, w.field('product', 'name')).fill('Oak');
    await input(page, 'zz_shade').selectOption('zz_dark');
    const more = page.locator('form button[aria-expanded=false]');
    if (await more.count()) await more.click();
    await input(page, 'zz_mixed_on').fill('2026-03-01');
    // Typed as people say it: hundredths, a time of day, a number that calls.
    await input(page, 'zz_share').fill('12.5');
    await input(page, 'zz_call').fill('0571-88990011');
    await input(page, 'zz_opens').fill('08:05');
    await button(page, w.t('save')).click();
    await page.getByText('zz_dark').first().waitFor();
    const kept = (await ask(page, 'products?fields=zz_shade,zz_mixed_on,zz_share,zz_call,zz_opens')).rows[0];
    assert.deepEqual(
      [kept.zz_shade, kept.zz_mixed_on, kept.zz_share, kept.zz_call, kept.zz_opens],
      ['zz_dark', '2026-03-01', '0.125', '0571-88990011', 485],
    );
    await page.locator('dd', { hasText: '08:05' }).waitFor();
    // In the list, as a column; among what can be filtered by, with its values.
    await page.goto(`${url}/products`);
    await settled(page);
    await page.locator('th', { hasText: 'zz_shade' }).waitFor();
    await page.locator('td', { hasText: 'zz_dark' }).waitFor();
    await page.locator('td', { hasText: '12.5%' }).waitFor();
    await page.locator('td a[href="tel:057188990011"]').waitFor();
    await page.locator('.chip', { hasText: w.t('filter-add') }).first().click();
    const offered = page.locator('select option', { hasText: 'zz_shade' }).first();
    await offered.waitFor({ state: 'attached' });
    await page.goto(`${url}/products?filter=zz_shade:eq:zz_pale`);
    await settled(page);
    assert.equal(await page.locator('td', { hasText: 'Oak' }).count(), 0);
    // The chip of a filter says the share as the list does.
    await page.goto(`${url}/products?filter=zz_share:gt:0.2`);
    await page.locator('.chip', { hasText: '20%' }).waitFor();
    assert.equal(await page.locator('td', { hasText: 'Oak' }).count(), 0);
    await page.goto(`${url}/products?filter=zz_shade:eq:zz_dark`);
    await page.locator('td', { hasText: 'Oak' }).waitFor();
    // And in the table that people take out.
    await button(page, w.t('take-out')).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText(w.t('take-out-csv')).click(),
    ]);
    const table = readFileSync(await file.path(), 'utf8');
    assert.match(table, /zz_shade/);
    assert.match(table, /Oak.*zz_dark.*12\.5%/);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await stop();
  }
});
