// How the app behaves where it gets difficult: refusals, two people at once, a lost line, undo,
// keys, the language, what a role may see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, open, settled, signIn } from './browser.mjs';
import { browser, first, onDemo, server } from './on-demo.mjs';
import { ask, button, expectToast, input, pick, post, verb } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');
const en = words('en');

onDemo({ faults: true });

test('a refused form keeps what was typed and says what to do at the field', async () => {
  const { page } = first;
  await page.goto(`${server.url}/parties/new`);
  await input(page, w.field('party', 'code')).fill('X-9');
  await input(page, w.field('party', 'name')).fill(
    '一家名字特别特别长的进出口贸易有限责任公司宁波分公司第三营业部',
  );
  await input(page, w.field('party', 'tax_id')).fill('123');
  await button(page, w.t('save')).click();
  await page.getByRole('alert').first().waitFor();
  assert.equal(await input(page, w.field('party', 'code')).inputValue(), 'X-9');
  // The draft outlives a reload.
  await page.waitForFunction(() => localStorage.getItem('hl.draft.new.party')?.includes('X-9'));
  await page.reload();
  await page.getByText(w.t('draft-restored')).waitFor();
  await input(page, w.field('party', 'tax_id')).fill('');
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: /第三营业部/ }).waitFor();
});

test('an order without a quantity is refused at its line', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders/new`);
  await pick(input(page, w.field('order', 'party')), '有限公司');
  await pick(page.getByLabel(`${w.field('order_line', 'product')} 1`), 'LED');
  await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).fill('0');
  await button(page, w.t('save-draft')).click();
  await page.locator('.line-grid .err').first().waitFor();
  assert.equal(
    await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).inputValue(),
    '0',
  );
  await button(page, w.t('discard')).click();
});

test('lines are entered by keyboard and pasted from a spreadsheet', async () => {
  const { page } = first;
  const products = (await ask(page, 'products?limit=2&fields=code&filter=active:eq:true')).rows;
  await page.goto(`${server.url}/orders/new`);
  await pick(input(page, w.field('order', 'party')), '有限公司');
  const cell = page.getByLabel(`${w.field('order_line', 'product')} 1`);
  await cell.focus();
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text', text);
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, `${products[0].code}\t1,200\n${products[1].code}\t3\nNO-SUCH\t1\n`);
  await page.getByText(w.t('line-unknown', { what: 'NO-SUCH' })).waitFor();
  assert.equal(
    await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).inputValue(),
    '1200',
  );
  await page.locator('.totals .big dd').waitFor();
  const qty = page.getByLabel(`${w.field('order_line', 'qty')} 2`, { exact: true });
  await qty.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (label) => document.activeElement?.getAttribute('aria-label') === label,
    `${w.field('order_line', 'qty')} 3`,
  );
  await page.keyboard.press('Enter');
  await page.getByLabel(`${w.field('order_line', 'product')} 4`).waitFor();
  await button(page, w.t('discard')).click();
});

test('two people change one customer: both values are shown and the later one decides', async () => {
  const { page, context } = first;
  const id = (await ask(page, 'parties?limit=1&filter=is_customer:eq:true')).rows[0].id;
  const state = await context.storageState();
  const other = await open(browser, { state });
  for (const p of [page, other.page]) {
    await p.goto(`${server.url}/parties/${id}`);
    await button(p, w.t('edit')).click();
    await input(p, w.field('party', 'region')).waitFor();
  }
  await input(other.page, w.field('party', 'region')).fill('福建省');
  await button(other.page, w.t('save')).click();
  await expectToast(other.page, w.t('saved'));
  await input(page, w.field('party', 'region')).fill('广东省');
  await button(page, w.t('save')).click();
  await page.getByText(w.t('conflict-title')).waitFor();
  await page.getByText('福建省').first().waitFor();
  assert.equal(await input(page, w.field('party', 'region')).inputValue(), '广东省');
  await button(page, w.t('conflict-mine')).click();
  await expectToast(page, w.t('saved'));
  assert.equal((await ask(page, `parties/${id}`)).region, '广东省');
  await other.close();
});

test('a lost line is said with what was not sent, keeps it, and saving works once it is back', async () => {
  const { page, context } = first;
  await page.goto(`${server.url}/products/new`);
  await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('hl.draft.')).forEach((k) => localStorage.removeItem(k)));
  await page.reload();
  await input(page, w.field('product', 'code')).fill('OFF-1');
  await input(page, w.field('product', 'name')).fill('断线测试品');
  await context.setOffline(true);
  await button(page, w.t('save')).click();
  await page.getByText(w.t('problem-offline')).waitFor();
  const note = page.locator('.connection .tag');
  await note.filter({ hasText: w.t('offline-unsent', { count: '1' }) }).waitFor();
  assert.equal(await input(page, w.field('product', 'name')).inputValue(), '断线测试品');
  await context.setOffline(false);
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: '断线测试品' }).waitFor();
  // While a row that exists is being changed, that counts too; nothing of it is lost.
  await button(page, w.t('edit')).click();
  const name = input(page, w.field('product', 'name'));
  await name.fill('断线改名');
  await context.setOffline(true);
  await note.filter({ hasText: w.t('offline-unsent', { count: '1' }) }).waitFor();
  await button(page, w.t('save')).click();
  await page.getByText(w.t('problem-offline')).waitFor();
  assert.equal(await name.inputValue(), '断线改名');
  await context.setOffline(false);
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: '断线改名' }).waitFor();
  assert.equal(await note.count(), 0);
});

test('a card moves by its menu and the move is undone', async () => {
  const { page } = first;
  const made = await post(page, 'opportunities', { name: '看板测试', amount: '8000' });
  await page.goto(`${server.url}/opportunities?view=board`);
  const card = page.locator('.kcard', { hasText: '看板测试' });
  await card.waitFor();
  await card.locator('.btn').click();
  await page.locator('.menu .it', { hasText: w.t('option-stage-solution') }).click();
  await expectToast(page, '看板测试');
  const stage = async () => (await ask(page, `opportunities/${made.id}`)).stage;
  assert.equal(await stage(), 'solution');
  await page.locator('.toast button', { hasText: w.t('undo') }).click();
  await page.locator('.lane').first().locator('.kcard', { hasText: '看板测试' }).waitFor();
  assert.equal(await stage(), 'discovery');
});

test('a list is walked by keys, filtered in its address, and the way back leads to the same list', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders`);
  await settled(page);
  await button(page, w.state('order', 'closed')).click();
  await page.waitForURL(/filter=state%3Aeq%3Aclosed/);
  await settled(page);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const second = await page.locator('tr[data-at] .no').innerText();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: new RegExp(second) }).waitFor();
  await page.locator('.crumb a').click();
  await page.waitForURL(/filter=state%3Aeq%3Aclosed/);
  const count = await page.locator('.grid tbody tr').count();
  await page.locator('.grid').evaluate((el) => el.scrollTo(0, el.scrollHeight));
  await page.waitForFunction((n) => document.querySelectorAll('.grid tbody tr').length > n, count);
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.waitForURL(/\/leads/);
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText(w.t('keys-title')).waitFor();
  await page.keyboard.press('Escape');
});

test('the palette finds a record by its number and opens it', async () => {
  const { page } = first;
  const order = (await ask(page, 'orders?limit=1&filter=state:eq:closed')).rows[0];
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.locator('.cmd input').fill(order.number);
  await page.locator('.cmd [cmdk-item]', { hasText: order.number }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/orders/${order.id}`));
});

test('the language changes without a reload, and requests change with it', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders`);
  await page.evaluate(() => (globalThis.stays = true));
  await page.locator('.user-btn').click();
  await page.getByRole('menuitem', { name: 'Switch to English' }).click();
  await page.getByRole('heading', { name: en.t('entity-order.many') }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.stays && document.documentElement.lang), 'en');
  await page.locator('.user-btn').click();
  await page.getByRole('menuitem', { name: '切换到中文' }).click();
  await page.getByRole('heading', { name: w.t('entity-order.many') }).waitFor();
});

test('many rows at once: what was done and what was refused', async () => {
  const { page } = first;
  const ids = [];
  for (const name of ['甲', '乙'])
    ids.push((await post(page, 'leads', { name, phone: `1380000000${ids.length}` })).id);
  await page.goto(`${server.url}/leads?filter=state:eq:new`);
  await settled(page);
  await page.locator('tbody input[type=checkbox]').nth(0).check();
  await page.locator('tbody input[type=checkbox]').nth(1).check();
  await page
    .locator('.bulk')
    .getByRole('button', { name: w.verb('lead', 'pool') })
    .click();
  await expectToast(page, w.t('bulk-done', { done: '2', bad: '0', any: 'no' }));
  for (const id of ids) assert.equal((await ask(page, `leads/${id}`)).state, 'in_pool');
});

test('a person of the warehouse sees the warehouse, on a phone, and no books', async () => {
  const { page } = first;
  const user = await post(page, 'users', {
    login: 'ware.house',
    name: '仓库',
    role_code: 'warehouse',
  });
  const { path } = await post(page, `users/${user.id}/link`, {});
  const theirs = await open(browser, { size: PHONE });
  await signIn(theirs.page, server.url + path);
  await theirs.page.locator('.tabbar button').click();
  const nav = theirs.page.locator('.nav.open');
  await nav.getByText(w.t('nav-pick')).waitFor();
  for (const hidden of [w.t('nav-ledger'), w.t('nav-rights'), w.t('nav-matching')])
    assert.equal(await nav.getByText(hidden, { exact: true }).count(), 0, hidden);
  await theirs.page.goto(`${server.url}/ledger`);
  await theirs.page.getByRole('alert').waitFor();
  await theirs.page.goto(`${server.url}/invoices`);
  await theirs.page.getByText(w.t('lost-title')).waitFor();
  await theirs.page.goto(`${server.url}/pick`);
  await settled(theirs.page);
  const open1 = theirs.page.locator('.shipment .open').first();
  await open1.click();
  await theirs.page.locator('.pick-lines').first().waitFor();
  assert.deepEqual(theirs.problems, []);
  await theirs.close();
});

test('a device that is signed out elsewhere is out at its next step', async () => {
  const { page, context } = first;
  const boss = (await ask(page, 'me')).user.id;
  const { path } = await post(page, `users/${boss}/link`, {});
  const other = await open(browser, {});
  await signIn(other.page, server.url + path);
  await page.goto(`${server.url}/me`);
  await button(page, w.t('me-revoke')).first().click();
  await expectToast(page, w.t('me-revoked'));
  // At its next step at the latest: live updates may have told it before.
  const step = other.page.locator('.nav a[href="/orders"]').click();
  await Promise.all([other.page.waitForURL(/\/sign-in/), step.catch(() => undefined)]);
  await other.close();
  assert.ok(context);
});

test('goods leave in part, and the rest gets a shipment of its own', async () => {
  const { page } = first;
  const customer = (
    await ask(page, 'parties?limit=1&filter=terms_code:eq:M30&filter=is_customer:eq:true')
  ).rows[0];
  const product = (
    await ask(page, 'products?limit=50&fields=code&filter=active:eq:true&filter=kind:eq:goods')
  ).rows[0];
  const house = (await ask(page, 'warehouses?limit=1')).rows[0];
  await post(page, 'receipts', {
    kind: 'other_in',
    warehouse: house.id,
    lines: [{ product: product.id, qty: '100', value: '1000' }],
  });
  const order = await post(page, 'orders', {
    party: customer.id,
    ship_to: '宁波',
    customer_po_no: `E2E-${Date.now()}`,
    requested_on: '2027-12-01',
    lines: [{ product: product.id, qty: '10', price: '1' }],
  });
  await page.goto(`${server.url}/orders/${order.id}`);
  await verb(page, w.verb('order', 'submit'));
  await settled(page);
  for (const hold of (await ask(page, `holds?filter=subject:eq:${order.id}&filter=open:eq:1`)).rows)
    await post(page, `holds/${hold.id}/release`, { reason: 'test' });
  const shipment = (await ask(page, `shipments?filter=order_id:eq:${order.id}&limit=1`)).rows[0];
  await page.goto(`${server.url}/pick`);
  await page.getByLabel(w.t('pick-scan')).fill(shipment.number);
  await page.keyboard.press('Enter');
  await button(page, w.verb('shipment', 'ship')).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w.t('ship-leaves')).fill('4');
  await dialog.getByText(w.t('ship-part')).waitFor();
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  const lines = (await ask(page, `orders/${order.id}?lines=yes`)).order_lines;
  assert.equal(lines[0].shipped, '4');
  const again = await ask(
    page,
    `shipments?filter=order_id:eq:${order.id}&filter=state:eq:assigned`,
  );
  assert.equal(again.rows.length, 1, 'the rest waits in a shipment of its own');
});
