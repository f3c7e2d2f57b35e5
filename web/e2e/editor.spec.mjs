// Entering an order: prices that say how they came about, what lies in stock, when it could be
// delivered, and what is earned, to whoever may know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './browser.mjs';
import { as, first, onDemo, server } from './on-demo.mjs';
import { ask, button, input, pick } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');

onDemo();

async function typeOrder(page, qty) {
  const product = (await ask(first.page, 'products?limit=1&filter=active:eq:true&filter=kind:eq:goods')).rows[0];
  await page.goto(`${server.url}/orders/new`);
  await settled(page);
  await pick(input(page, w.field('order', 'party')), '有限公司');
  await pick(page.getByLabel(`${w.field('order_line', 'product')} 1`), product.name);
  await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).fill(qty);
  await page.locator('.totals .big dd').waitFor();
}
const said = (page, key) => page.locator('.totals > div', { hasText: w.t(key) }).locator('dd');
const shelf = (page) => page.locator('[data-cell="0-qty"] .outlook');

test('stock, a day and a margin are said beside the price, and how the price came about', async () => {
  const { page } = first;
  await typeOrder(page, '1');
  await shelf(page).waitFor();
  assert.match(await said(page, 'outlook-promise').innerText(), /^\d{4}-\d\d-\d\d$/);
  assert.match(await said(page, 'outlook-margin').innerText(), /¥.*%/);
  // A discount of one's own is a step of the price, and lowers what is earned.
  const before = await said(page, 'outlook-margin').innerText();
  const price = page.getByLabel(`${w.field('order_line', 'price_entered')} 1`, { exact: true });
  await price.fill('0.01');
  await page.locator('small.steps', { hasText: w.t('step-manual') }).waitFor();
  await page.waitForFunction(
    (was) => ![...document.querySelectorAll('.totals dd')].some((dd) => dd.textContent === was),
    before,
  );
  await page.locator('.totals dd.late').waitFor();
  // More than lies there: said at the line, and the day moves.
  await input(page, w.field('order', 'requested_on')).fill('');
  const qty = page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true });
  await qty.fill('2');
  await page.locator('[data-cell="0-qty"] .outlook:not(.late)').waitFor();
  const soon = await said(page, 'outlook-promise').innerText();
  await qty.fill('9000000');
  await page.locator('[data-cell="0-qty"] .outlook.late').waitFor();
  await page.waitForFunction(
    (was) => [...document.querySelectorAll('.totals dd')].every((dd) => dd.textContent !== was),
    soon,
  );
  assert.ok((await said(page, 'outlook-promise').innerText()) > soon);
  await button(page, w.t('discard')).click();
});

test('whoever may not read cost sees no margin, by the screen or past it', async () => {
  await as('order_desk', async (other) => {
    const me = await ask(other, 'me');
    assert.ok(!JSON.stringify(me.grants).includes('access.cost'), 'the order desk reads no cost');
    const dry = other.waitForResponse((r) => r.url().includes('dry=yes') && r.status() === 200);
    await typeOrder(other, '2');
    const body = await (await dry).text();
    assert.ok(!body.includes('margin'), body);
    assert.equal(await said(other, 'outlook-margin').count(), 0);
    await said(other, 'outlook-promise').waitFor();
    await button(other, w.t('discard')).click();
  });
});
