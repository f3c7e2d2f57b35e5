// 变更单 in both languages: drawn up from its order, refused where nothing changes, submitted, applied.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { settled } from './browser.mjs';
import { ask, button, expectState, input, verb } from './steps.mjs';

bilingual('a confirmed order is changed by a document with before and after', 120, async ({ page, w, server, lang }) => {
  const order = (
    await ask(page, 'orders?filter=state:eq:confirmed&filter=fulfilment:eq:none&limit=1')
  ).rows[0];
  assert.ok(order, 'the demo company has an order that nothing left of');
  const { order_lines: lines } = await ask(page, `orders/${order.id}?lines=yes`);
  await page.goto(`${server.url}/orders/${order.id}`);
  await page.locator('.way').getByRole('link', { name: w.entity('change_order') }).click();
  await page.waitForURL(/\/change_orders\/new\?order=/);
  const reason = input(page, w.field('change_order', 'reason'));
  await reason.fill(lang === 'en' ? 'the customer called' : '客户来电');
  // Without a wish it is refused, and what was typed stays.
  await button(page, w.t('save')).click();
  await page.locator('main .note.bad').waitFor();
  assert.notEqual(await reason.inputValue(), '');
  const label = `${w.field('change_line', 'qty_after')} ${lines[0].text}`;
  const more = String(Number(lines[0].ordered) + 1);
  await page.getByLabel(label, { exact: true }).first().fill(more);
  await settled(page);
  await button(page, w.t('save')).click();
  await page.waitForURL(/\/change_orders\/\d+$/);
  await expectState(page, w.state('change_order', 'draft'));
  await settled(page);
  assert.equal(Number((await ask(page, `orders/${order.id}`)).gross), Number(order.gross));
  await verb(page, w.verb('change_order', 'submit'));
  await expectState(page, w.state('change_order', 'applied'));
  const now = await ask(page, `orders/${order.id}?lines=yes`);
  assert.equal(Number(now.order_lines[0].ordered), Number(more));
  await page.goto(`${server.url}/change_orders`);
  await page.getByText('CO-').first().waitFor();
});
