// Several orders of a customer on one invoice, in both languages: looked at, drawn up, posted; and the run.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { settled } from './browser.mjs';
import { ask, button, expectState, input, pick, verb } from './steps.mjs';

/** On its page as ways to them, on its paper above their lines; of one order, among its facts. */
async function namesItsOrders(page, w, id, orders) {
  const named = (await ask(page, `invoices/${id}/orders`)).rows;
  assert.deepEqual(named.map((o) => o.id).sort(), [...orders].sort());
  for (const { number } of named)
    await page.locator('main').getByRole('link', { name: number, exact: true }).first().waitFor();
  await page.getByRole('link', { name: w.t('print'), exact: true }).click();
  for (const { number } of named)
    await page.locator(named.length > 1 ? '.paper tr.of' : '.paper dl', { hasText: number }).first().waitFor();
  await page.goBack();
}

bilingual('several orders go on one invoice, each with its share', 240, async ({ page, w, server }) => {
  const ready = (
    await ask(page, 'orders?filter=state:eq:confirmed&filter=fulfilment:eq:full&filter=billing:eq:none&limit=200')
  ).rows;
  const by = new Map();
  for (const row of ready) by.set(row.party, [...(by.get(row.party) ?? []), row.id]);
  const [party, orders] = [...by.entries()].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
  assert.ok(party, 'the demo company has something to bill');
  const customer = await ask(page, `parties/${party}`);
  await page.goto(`${server.url}/billing`);
  await page.getByRole('link', { name: w.verb('invoice', 'create') }).click();
  await page.waitForURL(/\/invoices\/new/);
  // A day that is not over is refused, and what was typed stays.
  await input(page, w.field('invoice', 'until')).fill('2099-12-31');
  await button(page, w.t('statements-look')).click();
  await page.locator('main .note.bad').waitFor();
  // The address may say the customer: whoever comes from a customer's page need not choose again.
  await page.goto(`${server.url}/invoices/new?party=${party}`);
  await page.locator('fieldset input[type=checkbox]').first().waitFor();
  await page.goto(`${server.url}/invoices/new`);
  await pick(page.locator('form').getByRole('combobox').first(), customer.name);
  await page.locator('fieldset input[type=checkbox]').first().waitFor();
  assert.equal(await page.locator('fieldset input[type=checkbox]').count(), orders.length);
  await settled(page);
  const before = (await ask(page, 'invoices?filter=state:eq:draft')).total;
  await button(page, w.t('statements-look')).click();
  await page.locator('table.statement td', { hasText: customer.name }).waitFor();
  assert.equal((await ask(page, 'invoices?filter=state:eq:draft')).total, before, 'looking keeps nothing');
  await button(page, w.t('bills-make', { count: 1 })).click();
  await page.waitForURL(/\/invoices\/\d+$/);
  await expectState(page, w.state('invoice', 'draft'));
  await verb(page, w.verb('invoice', 'post'), async () => undefined);
  await expectState(page, w.state('invoice', 'posted'));
  const id = page.url().split('/').pop();
  await namesItsOrders(page, w, id, orders);
  const { invoices } = await ask(page, `orders/${orders[0]}/chain`);
  assert.ok(invoices.some((i) => i.id === id), 'the chain of each order has it');
});
