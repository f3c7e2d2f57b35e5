// Several orders of a customer on one invoice, in both languages: looked at, drawn up, posted; and the run.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { settled } from './browser.mjs';
import { ask, button, expectState, input, pick, post, verb } from './steps.mjs';

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
  const waiting = (await ask(page, `parties/${party}/billable`)).rows;
  for (const id of orders) assert.ok(waiting.some((o) => o.id === id), 'all that was delivered is offered');
  assert.equal(await page.locator('fieldset input.of-order').count(), waiting.length);
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

/** An order of ten pieces at 1.00 and 13 % tax that left in two deliveries, four and six, both signed for. */
async function inTwo(page) {
  const customer = (await ask(page, 'parties?limit=1&filter=terms_code:eq:M30&filter=is_customer:eq:true')).rows[0];
  const product = (await ask(page, 'products?limit=1&filter=active:eq:true&filter=kind:eq:goods')).rows[0];
  const house = (await ask(page, 'warehouses?limit=1')).rows[0];
  await post(page, 'receipts', {
    kind: 'other_in', warehouse: house.id, lines: [{ product: product.id, qty: '100', value: '1000' }],
  });
  const order = await post(page, 'orders', {
    party: customer.id, ship_to: '宁波', customer_po_no: `E2E-${Date.now()}`, requested_on: '2027-12-01',
    lines: [{ product: product.id, qty: '10', price: '1' }],
  });
  await post(page, `orders/${order.id}/submit`, {});
  for (const hold of (await ask(page, `holds?filter=subject:eq:${order.id}&filter=open:eq:1`)).rows)
    await post(page, `holds/${hold.id}/release`, { reason: 'test' });
  const deliveries = [];
  for (const qty of ['4', '6']) {
    const waits = (await ask(page, `shipments?filter=order_id:eq:${order.id}&filter=state:eq:assigned&limit=1`)).rows[0];
    const whole = await ask(page, `shipments/${waits.id}?lines=yes`);
    const lines = whole.shipment_lines.map((line) => ({ id: line.id, qty }));
    await post(page, `shipments/${waits.id}/ship`, { lines });
    await post(page, `shipments/${waits.id}/deliver`, { signed_by: 'Li' });
    deliveries.push(waits);
  }
  return { customer, order: await ask(page, `orders/${order.id}`), deliveries };
}

bilingual('single deliveries of an order are picked', 120, async ({ page, w, server }) => {
  const { customer, order, deliveries } = await inTwo(page);
  await page.goto(`${server.url}/billing`);
  const waits = page.locator('.panes .card').first().locator('li', { hasText: order.number });
  await waits.getByRole('link', { name: w.t('billing-pick') }).click();
  await page.waitForURL(new RegExp(`/invoices/new\\?party=.*${customer.id}`));
  const box = (number) => page.getByRole('checkbox', { name: new RegExp(number) });
  await box(deliveries[0].number).waitFor();
  await settled(page);
  // Of this order the second delivery alone; of others nothing.
  for (const one of await page.locator('fieldset input.of-order').all()) await one.uncheck();
  assert.equal(await button(page, w.t('statements-look')).isDisabled(), true, 'nothing is picked');
  await box(deliveries[1].number).check();
  assert.equal(await box(order.number).evaluate((b) => b.indeterminate), true, 'part of the order');
  await button(page, w.t('statements-look')).click();
  await page.locator('table.statement td', { hasText: '6.00' }).first().waitFor();
  await button(page, w.t('bills-make', { count: 1 })).click();
  await page.waitForURL(/\/invoices\/\d+$/);
  await verb(page, w.verb('invoice', 'post'), async () => undefined);
  await expectState(page, w.state('invoice', 'posted'));
  assert.equal(Number((await ask(page, `invoices/${page.url().split('/').pop()}`)).net), 6);
  // The first one waits, and the second is refused by name.
  const left = (await ask(page, `parties/${customer.id}/billable`)).rows.find((o) => o.id === order.id);
  assert.deepEqual(left.parts.map((p) => [p.shipment.id, Number(p.gross)]), [[deliveries[0].id, 4.52]]);
  const again = await post(page, 'invoices', { lines: [{ order: order.id, shipment: deliveries[1].id }] });
  assert.equal(again.code, 'invoice.delivery_billed');
});
