// 外币 in both languages: a rate is entered, dollars come in, and the month shows and posts what
// they are worth at its end.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { settled } from './browser.mjs';
import { ask, input, post, verb } from './steps.mjs';

bilingual('a month in foreign currency is valued before it is closed', 120, async ({ page, w, server }) => {
  const today = new Date().toISOString().slice(0, 10);
  await page.goto(`${server.url}/exchange_rates/new`);
  const field = (name) => input(page, w.field('exchange_rate', name));
  await field('currency').fill('USD');
  await field('base').fill('CNY');
  await field('day').fill(today);
  await field('rate').fill('7.00');
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(/\/exchange_rates\/\d+$/);
  const customer = (await ask(page, 'parties?filter=is_customer:eq:true&limit=1')).rows[0];
  const paid = await post(page, 'payments', {
    party: customer.id, currency: 'USD', rate: '7.10', amount: '1000', method: 'transfer',
    reference: 'T/T', lines: [],
  });
  assert.ok(paid.id, JSON.stringify(paid));
  const of = (await ask(page, 'periods?limit=200&filter=state:eq:open')).rows;
  const month = of.find((row) => Object.values(row).includes(today.slice(0, 7)));
  assert.ok(month, JSON.stringify(of[0]));
  await page.goto(`${server.url}/periods/${month.id}`);
  const card = page.locator('section.card', { hasText: w.t('revaluation-bank') });
  await card.locator('tbody tr').first().waitFor();
  const told = await card.locator('tbody').innerText();
  for (const part of ['1,000.00', '7,100.00', '7,000.00', '100.00']) assert.ok(told.includes(part), told);
  await verb(page, w.verb('period', 'revalue'));
  // What it stands at is what it is worth now: nothing more would be posted.
  await card.locator('tbody tr').filter({ hasNotText: '7,100.00' }).first().waitFor();
  await settled(page);
  const left = (await ask(page, `periods/${month.id}/revaluation`)).rows;
  assert.deepEqual(left.map((row) => [row.before, row.after, row.difference]), [['7000.00', '7000.00', '0.00']]);
});
