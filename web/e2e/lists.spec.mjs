// Lists as people use them: ordered by what they see, found by what they know, left and come back
// to, kept as views that others see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './browser.mjs';
import { as, first, onDemo, server } from './on-demo.mjs';
import { ask, button, input, post } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');

onDemo();

const column = (page, label) => page.locator(`tbody td[data-label="${label}"]`).allInnerTexts();
// The browser's own idea of how Chinese is ordered, by the first character; of names that begin as
// they are read by themselves.
const bySound = new Intl.Collator('zh-CN-u-co-pinyin').compare;
const beginnings = (names) => names.filter((n) => !/^(重庆|长沙|长春|厦门|成都|六安)/.test(n)).map((n) => [...n][0]);

test('orders are sorted by how their customers sound, up and down', async () => {
  const { page } = first;
  const label = w.field('order', 'party');
  await page.goto(`${server.url}/orders`);
  await settled(page);
  const head = page.locator('thead').getByRole('button', { name: label });
  for (const [sort, sorted] of [['party.name', 'ascending'], ['-party.name', 'descending']]) {
    await head.click();
    await page.locator(`th[aria-sort=${sorted}]`, { hasText: label }).waitFor();
    await page.waitForURL(new RegExp(`sort=${sort}`));
    await settled(page);
    await page.waitForFunction(
      (l) => [...document.querySelectorAll(`tbody td[data-label="${l}"]`)].every((td) => td.textContent.length > 3),
      label,
    );
    const names = await column(page, label);
    const begin = beginnings(names);
    const wanted = [...begin].sort(bySound);
    assert.deepEqual(begin, sort.startsWith('-') ? wanted.reverse() : wanted);
    assert.ok(new Set(names).size > 1, 'several customers');
  }
  // The address says it, so the pages after the first follow it too.
  const { rows } = await ask(page, 'orders?sort=-party.name&fields=party&limit=200');
  assert.ok(rows.length > 50);
});

test('a lead is found by its company, and shown by it', async () => {
  const { page } = first;
  const { rows } = await ask(page, 'leads?limit=50&fields=number,name,company_name');
  const lead = rows.find((row) => row.company_name.length > 4);
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.locator('.cmd input').fill(lead.company_name);
  const found = page.locator('.cmd [cmdk-item]', { hasText: lead.number });
  await found.filter({ hasText: lead.company_name }).filter({ hasText: lead.name }).click();
  await page.waitForURL(new RegExp(`/leads/${lead.id}$`));
});

test('exchange rates begin with the newest day', async () => {
  const { page } = first;
  for (const day of ['2026-03-02', '2026-03-04', '2026-03-03']) {
    const rate = await post(page, 'exchange_rates', { currency: 'EUR', base: 'CNY', day, rate: '7.8' });
    assert.ok(rate.id, JSON.stringify(rate));
  }
  await page.goto(`${server.url}/exchange_rates`);
  await settled(page);
  const label = w.field('exchange_rate', 'day');
  await page.locator('th[aria-sort=descending]', { hasText: label }).waitFor();
  const days = await column(page, label);
  assert.deepEqual(days, [...days].sort().reverse());
  assert.ok(days.length >= 3);
});

test('who goes back finds the list as it was left: scrolled, marked and selected', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders?filter=state:eq:closed`);
  await settled(page);
  for (let n = 0; n < 30; n += 1) await page.keyboard.press('j');
  await page.keyboard.press('x');
  const marked = await page.locator('tr[data-at] .no').innerText();
  const top = () => page.locator('.grid').evaluate((el) => el.scrollTop);
  const was = await top();
  assert.ok(was > 100, `scrolled ${was}`);
  for (const back of [() => page.goBack(), () => page.locator('.crumb a').first().click()]) {
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: new RegExp(marked) }).waitFor();
    await back();
    await page.locator('tr[data-at] .no', { hasText: marked }).waitFor();
    assert.equal(await page.locator('tbody input:checked').count(), 1);
    assert.ok(Math.abs((await top()) - was) < 60, `${await top()} is not ${was}`);
  }
  // Coming anew it begins at its top.
  await page.locator('.nav a[href="/orders"]').click();
  await page.locator('tbody .no').first().waitFor();
  assert.equal(await page.locator('tr[data-at]').count(), 0);
});

test('a view is kept and shared, and is what others begin with; nobody shares without the right', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders`);
  await settled(page);
  await button(page, w.state('order', 'closed')).click();
  await page.waitForURL(/filter=state%3Aeq%3Aclosed/);
  const views = page.locator('.views .btn').first();
  await views.click();
  await page.locator('.views .it', { hasText: w.t('view-new') }).click();
  const dialog = page.getByRole('dialog');
  await input(dialog, w.t('view-name')).fill('已经做完的');
  await dialog.locator('select').first().selectOption('all');
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  await as('order_desk', async (other) => {
    await other.goto(`${server.url}/orders`);
    await settled(other);
    await other.locator('.views .btn').first().click();
    await other.locator('.views .it', { hasText: '已经做完的' }).click();
    await other.waitForURL(/filter=state%3Aeq%3Aclosed/);
    await settled(other);
    const states = new Set(await column(other, w.field('order', 'state')));
    assert.deepEqual([...states], [w.state('order', 'closed')]);
    const refused = await post(other, 'views', {
      entity: 'order', name: 'Mine for all', asked: '', share: 'all',
    });
    assert.equal(refused.code, 'access.forbidden');
  });
});
