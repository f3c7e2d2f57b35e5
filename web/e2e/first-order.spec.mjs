// From a built program to the first own order, carried to cash, in both languages: docs/first-order.md.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { button, expectState, input, link, orderToCash, pick } from './steps.mjs';
import { words } from './words.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const lang of ['zh-CN', 'en']) {
  test(`a new company is set up and its first order is carried to cash in ${lang}`, async () => {
    const w = words(lang);
    const server = await serve();
    const { page, problems, close } = await open(browser, { lang });
    try {
      const presses = await firstOrder(page, w, server);
      assert.deepEqual(problems, []);
      assert.ok(presses, 'the order is closed');
    } finally {
      await close();
      await server.stop();
    }
  });
}

async function firstOrder(page, w, server) {
  await page.goto(server.url);
  await page.getByText(w.t('needs-set-up')).waitFor();
  await page.goto(server.link);
  await input(page, w.t('setup-name')).fill('甬江五金有限公司');
  await input(page, w.t('setup-person')).fill('王芳');
  await input(page, w.t('setup-login')).fill('wang.fang');
  await input(page, w.t('setup-password')).fill('12345678');
  await button(page, w.t('setup-begin')).click();
  // A refusal keeps what was typed.
  await page.getByRole('alert').first().waitFor();
  assert.equal(await input(page, w.t('setup-name')).inputValue(), '甬江五金有限公司');
  await input(page, w.t('setup-password')).fill('correct horse');
  await button(page, w.t('setup-begin')).click();
  await page.getByText(w.t('first-title')).waitFor();

  const steps = page.locator('.first a');
  await steps.nth(0).click();
  await input(page, w.field('party', 'code')).fill('C1');
  await input(page, w.field('party', 'name')).fill('华兴电气有限公司');
  await input(page, w.field('party', 'terms_code')).fill('N30');
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: '华兴电气有限公司' }).waitFor();

  await page.goto(`${server.url}/products/new`);
  await input(page, w.field('product', 'code')).fill('M4');
  await input(page, w.field('product', 'name')).fill('螺丝 M4');
  await input(page, w.field('product', 'list_price')).fill('0.35');
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: '螺丝 M4' }).waitFor();

  await page.goto(`${server.url}/receipts/new`);
  await page.locator('select').nth(1).locator('option').first().waitFor({ state: 'attached' });
  await pick(page.getByLabel(`${w.field('receipt_line', 'product')} 1`), 'M4');
  await page.getByLabel(`${w.field('receipt_line', 'qty')} 1`, { exact: true }).fill('1,000');
  await page.getByLabel(`${w.t('receipt-value')} CNY 1`, { exact: true }).fill('200');
  await button(page, w.verb('receipt', 'create')).click();
  await page.getByRole('heading', { name: /IN-/ }).waitFor();

  // Three of the four first steps are done, and say so.
  await page.goto(server.url);
  await page.locator('.first li').nth(3).waitFor();
  await page.getByLabel(w.t('first-done')).nth(2).waitFor();
  assert.equal(await page.getByLabel(w.t('first-done')).count(), 3);

  await page.goto(`${server.url}/orders/new`);
  await pick(input(page, w.field('order', 'party')), '华兴');
  await input(page, w.field('order', 'ship_to')).fill('厦门市湖里区 1 号');
  await input(page, w.field('order', 'customer_po_no')).fill('PO-77');
  await pick(page.getByLabel(`${w.field('order_line', 'product')} 1`), 'M4');
  await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).fill('200');
  await page.locator('.totals .big dd', { hasText: '70.00' }).waitFor();
  await button(page, w.t('save-submit')).click();
  await expectState(page, w.state('order', 'confirmed'));
  assert.match(await page.locator('.head h1').innerText(), /SO-\d{4}-00001/);
  await orderToCash(page, w, 70);
  await link(page, w.t('chain-open')).click();
  await page.getByRole('heading', { name: w.t('chain-title') }).waitFor();
  assert.equal(await page.locator('.way li[data-done=done]').count(), 4);
  return true;
}
