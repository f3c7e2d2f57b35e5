// The screens around the work that are made by hand: people, roles, keys, what is told elsewhere,
// what an auditor asks, and the process as it ran.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { open, settled, signIn } from './browser.mjs';
import { as, browser, first, onDemo, server } from './on-demo.mjs';
import { ask, button, colleague, expectToast, input, post } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');

onDemo();

const dialogOf = (page) => page.getByRole('dialog');

test('a person is let in by a link, gets a role, sets a password, and signs in with it', async () => {
  const { page } = first;
  await page.goto(`${server.url}/users/new`);
  await input(page, w.field('user', 'login')).fill('zhao.yun');
  await input(page, w.field('user', 'name')).fill('赵云');
  await button(page, w.t('save')).click();
  await page.getByRole('heading', { name: '赵云' }).waitFor();
  await page.getByText(w.t('user-no-role')).waitFor();
  await page.getByLabel(w.verb('user', 'assign_role')).selectOption({ label: w.t('role-warehouse') });
  const taken = page.getByLabel(w.t('user-role-take', { role: w.t('role-warehouse') }));
  await taken.waitFor();
  await button(page, w.t('user-link')).click();
  const path = await dialogOf(page).locator('input').inputValue();
  await button(dialogOf(page), w.t('close')).click();
  const theirs = await open(browser, {});
  await signIn(theirs.page, path);
  await theirs.page.goto(`${server.url}/me`);
  const password = input(theirs.page, w.t('setup-password'));
  await password.fill('12345678');
  await button(theirs.page, w.t('me-password-save')).click();
  await theirs.page.locator('form .err').waitFor();
  assert.equal(await password.inputValue(), '12345678');
  await password.fill('one two three four');
  await button(theirs.page, w.t('me-password-save')).click();
  await expectToast(theirs.page, w.t('me-password-changed'));
  await theirs.close();
  const again = await open(browser, {});
  await again.page.goto(`${server.url}/pick`);
  await again.page.waitForURL(/sign-in/);
  await input(again.page, w.t('sign-in-login')).fill('zhao.yun');
  await input(again.page, w.t('sign-in-password')).fill('wrong password');
  await button(again.page, w.t('sign-in')).click();
  await again.page.locator('.note.bad').waitFor();
  assert.equal(await input(again.page, w.t('sign-in-login')).inputValue(), 'zhao.yun');
  await input(again.page, w.t('sign-in-password')).fill('one two three four');
  await button(again.page, w.t('sign-in')).click();
  // To where they wanted to go.
  await again.page.waitForURL(/\/pick$/);
  await again.page.getByLabel(w.t('pick-scan')).waitFor();
  await again.close();
  // The link was good once.
  const late = await open(browser, {});
  await late.page.goto(path);
  await late.page.locator('.note.bad').waitFor();
  await late.close();
  await taken.click();
  await page.getByText(w.t('user-no-role')).waitFor();
  await as('sales', async (seller) => {
    const refused = await post(seller, 'users', { login: 'x.y', name: 'X', role_code: 'admin' });
    assert.equal(refused.code, 'access.forbidden');
  });
});

test('a role is made, given a right, and its holder may do that and nothing else', async () => {
  const { page } = first;
  await page.goto(`${server.url}/rights`);
  await button(page, w.newOf('role')).click();
  await input(dialogOf(page), w.field('role', 'code')).fill('counter');
  await input(dialogOf(page), w.field('role', 'name')).fill('柜台');
  await button(dialogOf(page), w.t('save')).click();
  await page.getByRole('option', { name: /柜台/ }).waitFor();
  await page.getByRole('heading', { name: '柜台' }).waitFor();
  const right = page.locator('label.right[title="product.product.read"] select');
  await right.selectOption('all');
  await page.locator('label.right.on[title="product.product.read"]').waitFor();
  // A code that is taken is refused in the dialog.
  await button(page, w.newOf('role')).click();
  await input(dialogOf(page), w.field('role', 'code')).fill('counter');
  await button(dialogOf(page), w.t('save')).click();
  await dialogOf(page).locator('.err').waitFor();
  await button(dialogOf(page), w.t('back')).click();
  await as('counter', async (theirs) => {
    await theirs.goto(`${server.url}/products`);
    await theirs.locator('tbody a.no').first().waitFor();
    assert.equal((await ask(theirs, 'orders')).code, 'access.forbidden');
    assert.equal((await post(theirs, 'products', { code: 'Q', name: 'Q' })).code, 'access.forbidden');
    await theirs.goto(`${server.url}/rights`);
    await theirs.getByRole('alert').first().waitFor();
  });
});

test('a key is shown once, works, does no more than it says, and is revoked', async () => {
  const { page } = first;
  await page.goto(`${server.url}/me`);
  await button(page, w.t('key-new')).click();
  const dialog = dialogOf(page);
  await input(dialog, w.t('key-name')).fill('网店');
  await input(dialog, w.t('key-more')).fill('');
  await button(dialog, w.t('save')).click();
  await dialog.locator('.err').waitFor();
  assert.equal(await input(dialog, w.t('key-name')).inputValue(), '网店');
  await input(dialog, w.t('key-more')).fill('product.product.read');
  await button(dialog, w.t('save')).click();
  const secret = await input(dialog, w.t('key-secret')).inputValue();
  assert.match(secret, /^hlk_/);
  await button(dialog, w.t('key-kept')).click();
  assert.ok(!(await page.locator('main').innerText()).includes(secret), 'shown once');
  const read = await server.api(secret, 'GET', 'products?limit=1');
  assert.equal(read.status, 200);
  assert.equal((await server.api(secret, 'GET', 'orders?limit=1')).body.code, 'access.forbidden');
  await page.getByLabel(`${w.t('key-revoke')}: 网店`).click();
  await expectToast(page, w.t('key-revoked'));
  assert.equal((await server.api(secret, 'GET', 'products?limit=1')).status, 401);
});

test('one stands in for a colleague: said above every screen, within what was delegated, and ended', async () => {
  const { page } = first;
  const absent = await colleague(page, 'sales');
  const party = (await ask(page, 'parties?filter=is_customer:eq:true&limit=1')).rows[0];
  await as('warehouse', async (theirs, me) => {
    await theirs.locator('.user-btn').click();
    await theirs.locator('.menu').waitFor();
    assert.equal(await theirs.locator('.menu').getByText('E2E sales').count(), 0, 'nothing is delegated yet');
    await theirs.keyboard.press('Escape');
    const given = await post(page, 'delegations', {
      from_user: absent.id,
      to_user: me,
      permissions: 'sales.* product.* party.* terms.*',
      until_at: new Date(Date.now() + 86_400_000).toISOString(),
      reason: '休假',
    });
    assert.ok(given.id, JSON.stringify(given));
    await theirs.reload();
    await settled(theirs);
    const refused = { party: party.id, ship_to: '宁波', lines: [] };
    assert.equal((await post(theirs, 'orders', refused)).code, 'access.forbidden');
    await theirs.locator('.user-btn').click();
    await theirs.getByRole('menuitem', { name: w.t('act-for', { name: 'E2E sales' }) }).click();
    const band = theirs.locator('.acting');
    await band.getByText(w.t('acting-for', { name: 'E2E sales' })).waitFor();
    await theirs.locator('.nav a[href="/quotes"]').waitFor();
    // Neither what is one's own nor what was not delegated.
    assert.equal(await theirs.locator('.nav a[href="/pick"]').count(), 0);
    assert.equal(await theirs.locator('.nav a[href="/leads"]').count(), 0);
    await theirs.goto(`${server.url}/quotes/new?party=${party.id}`);
    await band.waitFor();
    await button(theirs, w.t('save-draft')).waitFor();
    await theirs.getByLabel(`${w.field('order_line', 'product')} 1`).fill('LED');
    await theirs.getByRole('option').first().click();
    await theirs.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).fill('2');
    await button(theirs, w.t('save-draft')).click();
    await theirs.waitForURL(/\/quotes\/\d+/);
    const id = theirs.url().split('/').pop();
    const [fact] = (await ask(page, `quotes/${id}/facts`)).rows;
    assert.equal(fact.actor, me, 'whoever stands in did it');
    await button(band, w.t('acting-end')).click();
    await band.waitFor({ state: 'detached' });
    await theirs.locator('.nav a[href="/pick"]').waitFor();
    await theirs.locator('.user-btn').click();
    await theirs.getByRole('menuitem', { name: w.t('act-for', { name: 'E2E sales' }) }).click();
    await band.waitFor();
    await post(page, `delegations/${given.id}/revoke`, {});
    // At the next step it is over, and says so; nobody is stuck.
    await theirs.locator('.nav a[href="/quotes"]').click();
    await theirs.locator('.toast.bad', { hasText: w.t('acting-over') }).waitFor();
    await band.waitFor({ state: 'detached' });
    await theirs.locator('.nav a[href="/pick"]').waitFor();
  });
});

test('mail: how it goes is shown without its secret, and one sends oneself a message', async () => {
  const { page } = first;
  await page.goto(`${server.url}/settings`);
  await page.getByText(w.t('mail-way-folder')).waitFor();
  await button(page, w.t('mail-try')).click();
  // Nobody said where to yet; it says so, with the way there.
  await page.locator('.note.bad a[href="/me"]').click();
  const mail = input(page, w.t('mail-address'));
  await mail.fill('no address');
  const card = page.locator('section', { has: page.getByRole('heading', { name: w.t('mail-wish') }) });
  await button(card, w.t('save')).click();
  await card.locator('.err').waitFor();
  assert.equal(await mail.inputValue(), 'no address');
  await mail.fill('chen.jing@example.com');
  await button(card, w.t('save')).click();
  await expectToast(page, w.t('saved'));
  await button(card, w.t('mail-try')).click();
  await expectToast(page, w.t('mail-tried', { to: 'chen.jing@example.com' }));
  const letters = readdirSync(join(server.data, 'mail'));
  assert.equal(letters.length, 1);
  assert.match(readFileSync(join(server.data, 'mail', letters[0]), 'utf8'), /To: chen\.jing@example\.com/);
  await as('sales', async (theirs) => {
    assert.equal((await ask(theirs, 'mail')).code, 'access.forbidden');
    assert.equal((await post(theirs, 'mail/test', {})).code, 'access.forbidden');
    await theirs.goto(`${server.url}/me`);
    await theirs.getByText(w.t('mail-wish')).waitFor();
    assert.equal(await button(theirs, w.t('mail-try')).count(), 0);
  });
});

test('a webhook needs an address; its secret is shown once', async () => {
  const { page } = first;
  await page.goto(`${server.url}/webhooks/new`);
  await input(page, w.field('webhook', 'name')).fill('网店');
  await input(page, w.field('webhook', 'url')).fill('not an address');
  await button(page, w.t('save')).click();
  // The browser's own note speaks the language of the page.
  const missing = page.locator('textarea:invalid').first();
  await missing.waitFor();
  assert.equal(await missing.evaluate((el) => el.validationMessage), w.t('input-missing'));
  await input(page, w.field('webhook', 'activities')).fill('order.confirmed');
  await button(page, w.t('save')).click();
  await page.locator('[aria-invalid=true], .note.bad').first().waitFor();
  assert.equal(await input(page, w.field('webhook', 'url')).inputValue(), 'not an address');
  const hook = await post(page, 'webhooks', {
    name: '网店',
    url: 'https://shop.example.com/hook',
    activities: 'order.confirmed',
  });
  assert.ok(hook.id, JSON.stringify(hook));
  await page.goto(`${server.url}/webhooks/${hook.id}`);
  await button(page, w.t('webhook-issue')).click();
  const secret = await page.locator('.note.warn code').innerText();
  assert.ok(secret.length > 20);
  await page.reload();
  await page.getByText(w.t('webhook-progress')).waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes(secret), 'shown once');
});

test('the inbox: read and unread, and what is dealt with settles by itself', async () => {
  const { page } = first;
  await page.goto(server.url);
  const party = (await ask(page, 'parties?filter=terms_code:eq:M30&filter=is_customer:eq:true&limit=1')).rows[0];
  const product = (await ask(page, 'products?filter=active:eq:true&filter=kind:eq:goods&limit=1')).rows[0];
  await as('credit', async (theirs) => {
    await theirs.goto(`${server.url}/inbox`);
    await settled(theirs);
    const waits = theirs.locator(`section[aria-label="${w.t('inbox-open')}"] li`);
    const before = await waits.count();
    // Nobody reloads: it comes by itself.
    const order = await post(page, 'orders', {
      party: party.id,
      ship_to: '宁波',
      customer_po_no: 'INBOX-1',
      requested_on: '2027-12-01',
      lines: [{ product: product.id, qty: '800000', price: '90' }],
    });
    await post(page, `orders/${order.id}/submit`, {});
    const hold = (await ask(page, `holds?filter=subject:eq:${order.id}&filter=open:eq:1&filter=kind:in:credit,overdue,price`)).rows[0];
    await theirs.waitForFunction((n) => document.querySelectorAll('.inbox li').length > n, before);
    const item = theirs.locator('.inbox li.new').first();
    await item.getByRole('button', { name: w.t('inbox-mark-read') }).click();
    await theirs.getByRole('button', { name: w.t('inbox-mark-unread') }).first().waitFor();
    await theirs.getByRole('button', { name: w.t('inbox-mark-unread') }).first().click();
    await item.waitFor();
    await item.locator('a').first().click();
    await theirs.locator('.head h1').waitFor();
    assert.equal((await post(theirs, `holds/${hold.id}/release`, { reason: 'e2e' })).code, undefined);
    await theirs.goto(`${server.url}/inbox`);
    await theirs.waitForFunction(
      ([label, n]) => document.querySelectorAll(`section[aria-label="${label}"] li`).length <= n,
      [w.t('inbox-open'), before],
    );
  });
});

test('a field of one’s own: declared, asked for in the form, refused when its name is taken', async () => {
  const { page } = first;
  const declare = async (name) => {
    await button(page, w.t('own-new')).click();
    const dialog = dialogOf(page);
    await input(dialog, w.t('own-label-zh')).fill('开票要求');
    await input(dialog, w.t('own-label-en')).fill('Billing wish');
    await input(dialog, w.t('own-name')).fill(name);
    await button(dialog, w.t('save')).click();
    return dialog;
  };
  await page.goto(`${server.url}/own-fields`);
  await (await declare('c_billing_wish')).waitFor({ state: 'detached' });
  await page.getByText('c_billing_wish').waitFor();
  const refused = await declare('c_billing_wish');
  await refused.locator('.note.bad').waitFor();
  assert.equal(await input(refused, w.t('own-label-zh')).inputValue(), '开票要求');
  await button(refused, w.t('back')).click();
  await page.goto(`${server.url}/parties/new`);
  await page.getByRole('button', { name: w.t('form-more', { count: '' }).slice(0, 4) }).click();
  await input(page, '开票要求').waitFor();
  await as('sales', async (theirs) => {
    await theirs.goto(`${server.url}/own-fields`);
    const none = await post(theirs, 'custom-fields', { entity: 'party', name: 'c_x', kind: 'text', label_zh: 'x', label_en: 'x' });
    assert.equal(none.code, 'access.forbidden');
    assert.equal(await theirs.locator('.nav a[href="/own-fields"]').count(), 0);
  });
});

test('the auditor sees who may do what, and nobody else does', async () => {
  const { page } = first;
  const { user } = await ask(page, 'me');
  await page.goto(`${server.url}/audit`);
  await page.getByText(w.t('audit-choose')).waitFor();
  const box = page.getByLabel(w.entity('user'), { exact: false }).first();
  await box.click();
  await box.fill(user.name.slice(0, 2));
  await page.getByRole('option').first().click();
  await page.getByRole('region', { name: w.t('audit-rights') }).locator('tbody tr').first().waitFor();
  const signIns = page.getByRole('region', { name: w.t('audit-sign-ins') }).locator('tbody tr');
  await signIns.first().waitFor();
  await as('sales', async (theirs) => {
    await theirs.goto(`${server.url}/audit`);
    await theirs.locator('.note.bad').first().waitFor();
    assert.equal((await ask(theirs, 'audit/violations')).code, 'access.forbidden');
  });
});

test('the process: the map follows its sliders, a step opens its cases, two periods stand side by side', async () => {
  const { page } = first;
  await page.goto(`${server.url}/process`);
  await settled(page);
  const steps = page.locator('.map .step');
  await steps.first().waitFor();
  const before = await steps.count();
  const slider = page.locator('input[type=range]').first();
  await slider.fill('0');
  await page.waitForFunction((n) => document.querySelectorAll('.map .step').length < n, before);
  await button(page, w.t('process-variants')).click();
  await page.waitForURL(/look=variants/);
  await page.locator('ol.ways > li').first().waitFor();
  await button(page, w.t('process-compare')).click();
  await settled(page);
  await button(page, w.t('process-people')).click();
  await settled(page);
  await page.locator('main .card').first().waitFor();
  await as('warehouse', async (theirs) => {
    assert.equal((await ask(theirs, 'process/map?case=order')).code, 'access.forbidden');
    assert.equal(await theirs.locator('.nav a[href="/process"]').count(), 0);
  });
});

test('lost time is ranked, and each finding opens its cases', async () => {
  const { page } = first;
  await page.goto(`${server.url}/lost`);
  await settled(page);
  const { findings } = await ask(page, 'process/findings');
  assert.ok(findings.length > 0);
  assert.equal(await page.locator('ol.lost > li').count(), findings.length);
  await page.locator('ol.lost > li').first().getByRole('button').click();
  const cases = page.locator('.panes > section a');
  await cases.first().waitFor();
  await cases.first().click();
  await page.waitForURL(/\/orders\/\d+/);
});

test('figures: a target is set and said, and a cell opens what stands behind it', async () => {
  const { page } = first;
  await page.goto(`${server.url}/figures?kpi=otif&grain=week`);
  await settled(page);
  // The chart's limits are the mean and 2.66 mean moving ranges about it, and it says so by keys.
  const { chart } = await ask(page, 'kpis/otif?grain=week&count=25');
  const values = chart.points.map((p) => Number(p.value));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const range = values.slice(1).reduce((sum, v, at) => sum + Math.abs(v - values[at]), 0) / (values.length - 1);
  assert.ok(Math.abs(chart.high - (mean + 2.66 * range)) < 0.01, JSON.stringify(chart));
  const drawn = page.locator('.control .drawn');
  await drawn.focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.control figcaption', { hasText: chart.points[0].from }).waitFor();
  assert.equal(await page.locator('.control .sr tbody tr').count(), values.length);
  await page.goto(`${server.url}/figures?kpi=otif`);
  await settled(page);
  const target = page.locator('form input[inputmode=decimal]');
  await target.fill('ninety');
  await button(page, w.t('target-save')).click();
  await page.locator('form .note.bad').waitFor();
  await target.fill('90');
  await button(page, w.t('target-save')).click();
  await page.locator('tr[data-on] td', { hasText: '90' }).first().waitFor();
  await page.locator('.panes td .linkish:not([disabled])').last().click();
  await page.getByRole('region', { name: w.t('figures-behind') }).locator('tbody tr').first().waitFor();
  await as('auditor', async (theirs) => {
    await theirs.goto(`${server.url}/figures?kpi=otif`);
    await settled(theirs);
    assert.equal(await button(theirs, w.t('target-save')).count(), 0);
    assert.equal((await post(theirs, 'kpi_targets', { kpi: 'otif', target: '1' })).code, 'access.forbidden');
  });
});
