// The screens of the daily work that are made by hand: what each is for, and what it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, settled, signIn } from './browser.mjs';
import { as, browser, first, onDemo, server } from './on-demo.mjs';
import { ask, button, colleague, expectState, input, link, pick, post, verb } from './steps.mjs';
import { words } from './words.mjs';

let clerk;
const held = [];
const w = words('zh-CN');

onDemo({
  // Somebody else enters two orders that wait: one's own nobody may release.
  begun: async () => {
    const { path } = await colleague(first.page, 'order_desk');
    clerk = await open(browser, {});
    await signIn(clerk.page, server.url + path);
    for (const number of ['HELD-1', 'HELD-2']) held.push(await heldOrder(clerk.page, number));
  },
});

const one = async (page, path) => (await ask(page, path)).rows[0];
/** Presses a verb in the bar or in the menu behind it; its form is open then. */
async function pressed(page, name) {
  await verb(page, name);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
}
const amountOf = (text) => Number(text.replaceAll(/[^\d.-]/g, ''));

/** An order for more than is on the shelf and more than its customer's credit bears; it waits. */
async function heldOrder(page, number) {
  const party = await one(page, 'parties?filter=terms_code:eq:M30&filter=is_customer:eq:true&limit=1');
  const product = await one(page, 'products?filter=active:eq:true&filter=kind:eq:goods&limit=1');
  const order = await post(page, 'orders', {
    party: party.id,
    ship_to: '宁波',
    customer_po_no: number,
    requested_on: '2027-12-01',
    lines: [{ product: product.id, qty: '900000', price: '90' }],
  });
  await post(page, `orders/${order.id}/submit`, {});
  return order;
}

test('home: the river leads to the rows that it counts, and what waits leads to where it is done', async () => {
  const { page } = first;
  await page.goto(server.url);
  await settled(page);
  const { stages } = await ask(page, 'river');
  const stage = stages.find((s) => s.name === 'shipment');
  assert.ok(stage.count > 0);
  await page.locator('.river a').nth(stages.indexOf(stage)).click();
  await page.waitForURL(/\/shipments\?/);
  await settled(page);
  const filter = new URL(page.url()).searchParams.getAll('filter').map((f) => `&filter=${f}`);
  const { total } = await ask(page, `shipments?limit=1&count=exact${filter.join('')}`);
  assert.equal(Number(total), stage.count);
  await page.goBack();
  await page.locator('.next a[href="/desk"]').click();
  await page.getByRole('heading', { name: w.t('nav-desk') }).waitFor();
  await as('warehouse', async (theirs) => {
    // Their home says nothing of claims and money.
    await settled(theirs);
    for (const name of ['billed', 'received'])
      assert.equal(await theirs.getByRole('heading', { name: w.t(`figure-${name}`) }).count(), 0);
    assert.equal(await theirs.locator('.next a[href="/matching"]').count(), 0);
  });
});

test('the order desk: one kind at a time, released with a reason, by whoever may', async () => {
  const { page } = first;
  const kindOf = (kind) => w.t(`option-kind-${kind}`);
  const hold = await one(page, `holds?filter=open:eq:1&filter=subject:eq:${held[0].id}&limit=1`);
  assert.ok(hold, 'an order waits');
  await page.goto(`${server.url}/desk`);
  await button(page, kindOf(hold.kind)).click();
  await settled(page);
  const cards = page.locator('.work .card');
  const before = await cards.count();
  assert.ok(before > 0);
  for (const text of await cards.locator('.tag').allInnerTexts())
    assert.equal(text, kindOf(hold.kind));
  const other = ['duplicate', 'customer'].find((kind) => kind !== hold.kind);
  await button(page, kindOf(other)).click();
  await page.getByText(w.t('desk-none')).waitFor();
  await button(page, kindOf(hold.kind)).click();
  await cards.first().waitFor();
  const release = async (why) => {
    await cards.first().getByRole('button', { name: w.verb('hold', 'release') }).click();
    const dialog = page.getByRole('dialog');
    await input(dialog, w.field('hold', 'reason')).fill(why);
    await dialog.locator('button[type=submit]').click();
    return dialog;
  };
  await (await release('客户已承诺付款')).waitFor({ state: 'detached' });
  await page.waitForFunction((n) => document.querySelectorAll('.work .card').length < n, before);
  const left = await ask(page, `holds?filter=subject:in:${held[0].id},${held[1].id}&filter=open:eq:1`);
  assert.equal(left.rows.filter((h) => h.kind === hold.kind).length, before - 1);
  if (left.rows.some((h) => h.subject === held[0].id)) held.reverse();
  await as('auditor', async (theirs) => {
    await theirs.goto(`${server.url}/desk`);
    await settled(theirs);
    await theirs.locator('.work .card').first().waitFor();
    const none = theirs.getByRole('button', { name: w.verb('hold', 'release'), exact: true });
    assert.equal(await none.count(), 0, 'who may not release sees no button');
    const open = await one(theirs, 'holds?filter=open:eq:1&limit=1');
    const refused = await post(theirs, `holds/${open.id}/release`, { reason: 'x' });
    assert.equal(refused.code, 'access.forbidden');
  });
});

test('billing: what was delivered becomes a draft, the draft a posted invoice, each in its pane', async () => {
  const { page } = first;
  const ready = 'orders?filter=state:eq:confirmed&filter=fulfilment:ne:none&filter=billing:ne:full';
  const order = await one(page, `${ready}&sort=id&limit=1`);
  assert.ok(order, 'something is to be billed');
  await page.goto(`${server.url}/billing`);
  await settled(page);
  const [left, right] = [0, 1].map((n) => page.locator('.panes .card').nth(n));
  const row = left.locator('li', { hasText: order.number });
  await row.getByRole('button', { name: w.verb('order', 'bill') }).click();
  // It stays until it is posted, and says that a draft waits.
  await row.getByRole('link', { name: w.t('billing-drafted') }).waitFor();
  const draft = await one(page, `invoices?filter=state:eq:draft&filter=party:eq:${order.party}&sort=-id&limit=1`);
  const drafted = right.locator(`li:has(a[href="/invoices/${draft.id}"])`);
  await drafted.getByRole('button', { name: w.verb('invoice', 'post') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  // It says what cannot be taken back, and how much it is.
  assert.match(await dialog.innerText(), new RegExp(Number(draft.gross).toLocaleString('en').split('.')[0]));
  await dialog.locator('button[type=submit]').click();
  await drafted.waitFor({ state: 'detached' });
  assert.equal((await ask(page, `invoices/${draft.id}`)).state, 'posted');
  const again = await post(page, `orders/${order.id}/bill`, {});
  assert.match(again.code ?? '', /nothing|state/, 'nothing is billed twice');
});

test('matching: a suggestion is taken, and more than there is cannot be given', async () => {
  const { page } = first;
  const claim = await one(page, 'invoices?filter=state:eq:posted&filter=open:gt:100&filter=currency:eq:CNY&limit=1');
  const paid = await post(page, 'payments', {
    party: claim.party,
    amount: claim.open,
    method: 'transfer',
    reference: claim.number,
    value_day: (await ask(page, 'me')).today,
  });
  assert.ok(paid.id, JSON.stringify(paid));
  const other = await post(page, 'payments', {
    party: claim.party, amount: '10', method: 'transfer', value_day: (await ask(page, 'me')).today,
  });
  assert.ok(other.id, JSON.stringify(other));
  // Keys go from one payment to the next and back.
  await page.goto(`${server.url}/matching`);
  await page.locator('.choose li[aria-selected=true]').waitFor();
  await settled(page);
  const chosen = () => page.locator('.choose li').evaluateAll((all) =>
    all.findIndex((li) => li.getAttribute('aria-selected') === 'true'));
  const from = await chosen();
  await page.keyboard.press(from === 0 ? 'j' : 'k');
  await page.waitForFunction((n) => [...document.querySelectorAll('.choose li')].findIndex(
    (li) => li.getAttribute('aria-selected') === 'true') !== n, from);
  await page.keyboard.press(from === 0 ? 'k' : 'j');
  await page.waitForFunction((n) => [...document.querySelectorAll('.choose li')].findIndex(
    (li) => li.getAttribute('aria-selected') === 'true') === n, from);
  await page.goto(`${server.url}/matching?payment=${paid.id}`);
  const mine = page.getByLabel(w.t('matching-amount', { number: claim.number }), { exact: true });
  await mine.waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('.panes input.num')].some((i) => i.value));
  assert.equal(Number((await mine.inputValue()).replaceAll(',', '')), Number(claim.open));
  const give = button(page, w.verb('payment', 'allocate'));
  await mine.fill(String(Number(claim.open) + 1));
  await page.getByText(w.t('matching-too-much')).waitFor();
  assert.ok(await give.isDisabled(), 'more than there is');
  await mine.fill(claim.open);
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(
    (id) => fetch(`/api/v1/invoices/${id}`).then((r) => r.json()).then((i) => Number(i.open) === 0),
    claim.id,
  );
  assert.equal(Number((await ask(page, `payments/${paid.id}`)).unapplied), 0);
  // The same again, past the screen: the program refuses it too.
  const twice = await post(page, `payments/${paid.id}/allocate`, {
    lines: [{ invoice: claim.id, amount: '1' }],
  });
  assert.ok(twice.code, 'nothing is left to give');
});

test('the books: an account opens into its lines, a line into its document', async () => {
  const { page } = first;
  const { today } = await ask(page, 'me');
  const from = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  await page.goto(`${server.url}/ledger?from=${from}`);
  await button(page, w.t('option-class-asset')).click();
  await page.waitForURL(/cls=asset/);
  const { rows } = await ask(page, `balances?from=${from}&until=${today}`);
  const account = rows.find((r) => r.code === '1122') ?? rows.find((r) => r.class === 'asset' && Number(r.debit) > 0);
  await page.locator('.linkish', { hasText: account.code }).first().click();
  const lines = page.locator('.panes .card').nth(1).locator('table.lines tbody tr');
  await lines.first().waitFor();
  const behind = await ask(page, `balances/${account.id}?from=${from}&until=${today}`);
  assert.equal(await lines.count(), behind.rows.length);
  const cells = await lines.locator('td:nth-child(4)').allInnerTexts();
  const shown = cells.reduce((sum, text) => sum + Math.round(amountOf(text || '0') * 100), 0);
  const meant = behind.rows.reduce((sum, row) => sum + Math.round(Number(row.debit) * 100), 0);
  assert.equal(shown, meant);
  // From where it stood to where it stands: each step is read by keys, and they add up.
  const fall = page.locator('.waterfall');
  const steps = await fall.locator('.sr tbody td').allInnerTexts();
  const [opening, closing] = [amountOf(steps[0]), amountOf(steps.at(-1))];
  const between = steps.slice(1, -1).reduce((sum, text) => sum + Math.round(amountOf(text) * 100), 0);
  assert.equal(Math.round(opening * 100) + between, Math.round(closing * 100), steps.join(' '));
  await fall.locator('.drawn').focus();
  await page.keyboard.press('ArrowDown');
  await fall.locator('figcaption b', { hasText: steps[0] }).waitFor();
  await lines.first().locator('a.no').click();
  await page.waitForURL(/\/entries\/\d+/);
  await page.locator('.head h1').waitFor();
  await as('sales', async (theirs) => {
    await theirs.goto(`${server.url}/ledger`);
    await theirs.getByRole('alert').first().waitFor();
    assert.equal(await theirs.locator('tbody tr').count(), 0);
  });
});

test('customer 360: what is under way, their credit, and an order that knows its customer', async () => {
  const { page } = first;
  const account = await one(page, 'invoices?filter=state:eq:posted&filter=open:gt:0&fields=party&limit=1');
  const customer = await ask(page, `parties/${account.party}`);
  await page.goto(`${server.url}/parties/${customer.id}`);
  await page.locator('.river .v').first().waitFor();
  const { stages } = await ask(page, `river?party=${customer.id}`);
  const counts = await page.locator('.river .v').allInnerTexts();
  assert.deepEqual(counts.map(amountOf), stages.map((s) => s.count));
  const at = stages.findIndex((s) => s.name === 'cash');
  await page.locator('.river a').nth(at).click();
  await page.waitForURL(new RegExp(customer.id));
  await page.goto(`${server.url}/parties/${customer.id}`);
  const limit = async (value) => {
    await button(page, w.verb('party', 'set_credit_limit')).click();
    const dialog = page.getByRole('dialog');
    await input(dialog, w.field('party', 'limit')).fill(value);
    await dialog.locator('button[type=submit]').click();
    return dialog;
  };
  // What is no amount is refused where it stands, and stays.
  const dialog = await limit('-5');
  await dialog.locator('[aria-invalid=true], .note.bad').first().waitFor();
  assert.equal(await input(dialog, w.field('party', 'limit')).inputValue(), '-5');
  await dialog.getByRole('button', { name: w.t('back') }).click();
  const limited = (value) =>
    page.waitForFunction(
      ([id, limit]) =>
        fetch(`/api/v1/parties/${id}/credit`).then((r) => r.json()).then((r) => Number(r.credit.limit) === limit),
      [customer.id, value],
    );
  // Less holds at once; more waits, with its reason, for somebody else.
  await (await limit('1,234')).waitFor({ state: 'detached' });
  await limited(1234);
  await page.getByText('1,234').first().waitFor();
  const more = await limit('123,456');
  await more.locator('[aria-invalid=true], .note.bad').first().waitFor();
  await input(more, w.field('party', 'reason')).fill('旺季备货');
  await more.locator('button[type=submit]').click();
  await more.waitFor({ state: 'detached' });
  const waits = page.getByRole('link', { name: /CC-\d{4}-\d+/ }).first();
  await waits.waitFor();
  await limited(1234);
  const change = (await waits.getAttribute('href')).split('/').at(-1);
  const own = await post(page, `credit_changes/${change}/approve`, {});
  assert.equal(own.code, 'credit_change.own_request');
  await as('approver', async (theirs) => {
    await theirs.goto(`${server.url}/credit_changes/${change}`);
    await settled(theirs);
    await button(theirs, w.verb('credit_change', 'approve')).click();
    await theirs.getByRole('dialog').locator('button[type=submit]').click();
    await theirs.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await limited(123456);
  await page.goto(`${server.url}/parties/${customer.id}`);
  await page.getByText('123,456').first().waitFor();
  await link(page, w.newOf('order')).click();
  await page.waitForURL(/orders\/new/);
  await page.waitForFunction(
    (name) => [...document.querySelectorAll('input')].some((i) => i.value.includes(name)),
    customer.name,
  );
  await as('billing', async (theirs) => {
    await theirs.goto(`${server.url}/parties/${customer.id}`);
    await settled(theirs);
    assert.equal(await button(theirs, w.verb('party', 'set_credit_limit')).count(), 0);
    assert.equal(await link(theirs, w.newOf('order')).count(), 0);
    const refused = await post(theirs, `parties/${customer.id}/set_credit_limit`, { limit: '1' });
    assert.equal(refused.code, 'access.forbidden');
  });
});

test('goods in: a warehouse is offered, a wrong line is said at its line, stock is there afterwards', async () => {
  const { page } = first;
  const product = await one(page, 'products?filter=active:eq:true&filter=kind:eq:goods&limit=1&fields=code,name');
  await page.goto(`${server.url}/receipts/new`);
  await page.locator('select').nth(1).locator('option').first().waitFor({ state: 'attached' });
  await page.locator('select').first().selectOption('purchase');
  await input(page, w.field('receipt', 'reason')).fill('采购入库');
  await pick(page.getByLabel(`${w.field('receipt_line', 'product')} 1`), product.code);
  const qty = page.getByLabel(`${w.field('receipt_line', 'qty')} 1`, { exact: true });
  const value = page.getByLabel(`${w.t('receipt-value')} CNY 1`, { exact: true });
  await qty.fill('0');
  await value.fill('200');
  await button(page, w.verb('receipt', 'create')).click();
  await page.locator('.line-grid .err, .note.bad').first().waitFor();
  assert.equal(await qty.inputValue(), '0');
  await page.waitForFunction(() => localStorage.getItem('hl.draft.receipt')?.includes('采购入库'));
  await page.reload();
  assert.equal(await input(page, w.field('receipt', 'reason')).inputValue(), '采购入库');
  await qty.fill('12');
  await button(page, w.verb('receipt', 'create')).click();
  await page.getByRole('heading', { name: /IN-/ }).waitFor();
  const id = page.url().split('/').pop();
  const receipt = await ask(page, `receipts/${id}?lines=yes`);
  assert.equal(receipt.kind, 'purchase');
  assert.equal(receipt.receipt_lines[0].qty, '12');
  await page.getByText(product.name).first().waitFor();
  await as('finance', async (theirs) => {
    await theirs.goto(`${server.url}/receipts/new`);
    await settled(theirs);
    const house = await one(first.page, 'warehouses?limit=1');
    const refused = await post(theirs, 'receipts', {
      kind: 'purchase',
      warehouse: house.id,
      lines: [{ product: product.id, qty: '1', value: '1' }],
    });
    assert.equal(refused.code, 'access.forbidden');
    assert.equal(await button(theirs, w.verb('receipt', 'create')).count(), 0);
  });
});

test('goods come back: not more than left, approved, received, credited', async () => {
  const { page } = first;
  const closed = 'orders?filter=state:eq:closed&filter=fulfilment:eq:full&filter=billing:eq:full';
  const known = await ask(page, 'returns?limit=200&fields=order_id');
  const back = new Set(known.rows.map((row) => row.order_id));
  const all = (await ask(page, `${closed}&sort=-id&limit=50`)).rows;
  const sent = await ask(page, 'shipments?limit=200&sort=-id&filter=state:eq:delivered&fields=order_id');
  const goods = new Set(sent.rows.map((row) => row.order_id));
  const order = all.find((row) => goods.has(row.id) && !back.has(row.id));
  const asks = clerk.page;
  await asks.goto(`${server.url}/orders/${order.id}`);
  await asks.locator('.way').getByRole('link', { name: w.entity('return'), exact: true }).click();
  await asks.waitForURL(/returns\/new/);
  const line = asks.locator('.pick-lines li').first();
  await line.waitFor();
  const qty = line.locator('input');
  const reason = input(asks, w.field('return', 'reason'));
  await reason.fill('外壳有划痕');
  await qty.fill('99999999');
  await button(asks, w.t('save')).click();
  await asks.locator('form .note.bad').waitFor();
  assert.equal(await qty.inputValue(), '99999999');
  assert.equal(await reason.inputValue(), '外壳有划痕');
  await qty.fill('1');
  await button(asks, w.t('save')).click();
  await expectState(asks, w.state('return', 'requested'));
  const id = asks.url().split('/').pop();
  // Nobody approves what they asked for: the button says so by its refusal.
  await verb(asks, w.verb('return', 'approve'));
  await asks.locator('.toast.bad').waitFor();
  await expectState(asks, w.state('return', 'requested'));
  await page.goto(`${server.url}/returns/${id}`);
  await verb(page, w.verb('return', 'approve'));
  await expectState(page, w.state('return', 'approved'));
  await verb(page, w.verb('return', 'receive'), async () => undefined);
  await expectState(page, w.state('return', 'received'));
  await verb(page, w.verb('return', 'settle'));
  await expectState(page, w.state('return', 'settled'));
  const credit = await one(page, `invoices?filter=party:eq:${order.party}&sort=-id&limit=1&fields=*`);
  assert.ok(Number(credit.gross) < 0, 'a credit note was drawn up');
  await as('cashier', async (theirs) => {
    const refused = await post(theirs, `returns/${id}/approve`, {});
    assert.match(refused.code, /access\.forbidden|not_found/);
    assert.equal(await theirs.locator('.nav a[href="/returns"]').count(), 0);
  });
});

test('an opportunity shows its way and becomes a quotation of its customer', async () => {
  const { page } = first;
  const customer = await one(page, 'parties?filter=is_customer:eq:true&limit=1&fields=name');
  const deal = await post(page, 'opportunities', { name: '二期照明', amount: '9000', party: customer.id });
  await page.goto(`${server.url}/opportunities/${deal.id}`);
  const now = page.locator('.way li[data-done=now]');
  await now.filter({ hasText: w.t('option-stage-discovery') }).waitFor();
  await link(page, w.newOf('quote')).click();
  await page.waitForURL(/quotes\/new/);
  await page.waitForFunction(
    (name) => [...document.querySelectorAll('input')].some((i) => i.value.includes(name)),
    customer.name,
  );
  await button(page, w.t('discard')).click();
  await page.goto(`${server.url}/opportunities/${deal.id}`);
  await verb(page, w.verb('opportunity', 'lose'), async (dialog) => {
    const boxes = dialog.locator('input:visible, textarea:visible');
    for (let n = 0; n < (await boxes.count()); n += 1) await boxes.nth(n).fill('价格');
  });
  await expectState(page, w.state('opportunity', 'lost'));
  assert.equal(await link(page, w.newOf('quote')).count(), 0, 'what is lost is not quoted');
});

test('an approval says what it would let pass; sending it back needs a word', async () => {
  const { page } = first;
  const hold = await one(page, `holds?filter=open:eq:1&filter=subject:eq:${held[1].id}&limit=1`);
  const own = await post(clerk.page, `holds/${hold.id}/release`, { reason: 'x' });
  assert.ok(own.code, 'nobody releases what they entered');
  await post(clerk.page, `holds/${hold.id}/request_release`, {});
  const approval = await one(page, 'approvals?filter=state:eq:pending&limit=1');
  assert.ok(approval, 'somebody waits for an approval');
  await page.goto(`${server.url}/approvals/${approval.id}`);
  await page.locator('.note.warn').first().waitFor();
  await as('cashier', async (theirs) => {
    const refused = await post(theirs, `approvals/${approval.id}/approve`, {});
    assert.match(refused.code, /access\.forbidden|not_found/);
  });
  // Without a word it is not sent back, and nothing is lost.
  const dialog = await pressed(page, w.verb('approval', 'send_back'));
  await dialog.locator('button[type=submit]').click();
  assert.equal((await ask(page, `approvals/${approval.id}`)).state, 'pending');
  await dialog.getByRole('button', { name: w.t('back'), exact: true }).click();
  await verb(page, w.verb('approval', 'approve'), async () => undefined);
  await expectState(page, w.state('approval', 'approved'));
  assert.equal(await page.locator('.head .actions .btn:not(.icon)').count(), 0, 'decided once');
});
