// 对账单 in both languages: drawn up for all, sent, seen otherwise on one line, agreed, billed, printed.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { settled } from './browser.mjs';
import { ask, button, expectState, input, verb } from './steps.mjs';

bilingual('a month is agreed with a customer before it is billed', 120, async ({ page, w, server }) => {
  // The month in which something was delivered and not billed yet.
  const orders = await ask(
    page,
    'orders?filter=state:eq:confirmed&filter=fulfilment:eq:full&filter=billing:eq:none&limit=50',
  );
  // What left and was not signed for yet is owed by nobody.
  const signed = await ask(page, 'shipments?filter=state:eq:delivered&fields=order_id&limit=200');
  const item = orders.rows.find((o) => signed.rows.some((s) => s.order_id === o.id));
  assert.ok(item, 'the demo company has something to bill');
  const { today } = await ask(page, 'me');
  const until = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  await page.goto(`${server.url}/statements`);
  await page.goto(`${server.url}/statements/new`);
  // A day that is not over is refused beside what was typed.
  const day = input(page, w.field('statement', 'period_until'));
  await day.fill('2099-12-31');
  await button(page, w.t('statements-look')).click();
  await page.locator('main .note.bad').waitFor();
  assert.equal(await page.locator('form .btn.primary').count(), 0, 'nothing to draw up');
  const party = await ask(page, `parties/${item.party}`);
  await page.goto(`${server.url}/parties/${item.party}`);
  await button(page, w.t('edit')).click();
  await input(page, w.field('party', 'statement_day')).fill(String(Number(until.slice(8))));
  await button(page, w.t('save')).click();
  await page.locator('.toast').first().waitFor();
  await page.goto(`${server.url}/statements/new`);
  await input(page, w.field('statement', 'period_until')).fill(until);
  await button(page, w.t('statements-look')).click();
  await page.locator('table.statement td', { hasText: party.name }).waitFor();
  assert.equal((await ask(page, 'statements')).total, 0, 'looking keeps nothing');
  const count = await page.locator('table.statement tbody tr').count();
  await button(page, w.t('statements-make', { count })).click();
  await page.waitForURL(/\/statements$/);
  assert.equal((await ask(page, 'statements')).total, count);
  // Doing it again makes nothing.
  await page.goto(`${server.url}/statements/new`);
  await input(page, w.field('statement', 'period_until')).fill(until);
  await button(page, w.t('statements-look')).click();
  await page.getByText(w.t('statements-none')).waitFor();

  const found = (await ask(page, `statements?filter=party:eq:${item.party}`)).rows[0];
  await page.goto(`${server.url}/statements/${found.id}`);
  await expectState(page, w.state('statement', 'draft'));
  await verb(page, w.verb('statement', 'send'));
  await expectState(page, w.state('statement', 'sent'));
  await button(page, w.verb('statement', 'differ')).click();
  const nth = await page
    .locator('table.statement tbody tr')
    .evaluateAll((rows, kind) => rows.findIndex((r) => r.innerText.includes(kind)) + 1, w.t('option-kind-delivery'));
  assert.ok(nth > 0);
  const amount = page.getByLabel(`${w.field('statement_line', 'difference')} ${nth}`);
  await amount.fill('-1.13');
  await page.getByLabel(`${w.field('statement_line', 'note')} ${nth}`).fill('one piece short');
  // Without a reason it is refused, and what was typed stays.
  await button(page, w.t('statement-note')).click();
  await page.locator('main .note.bad').waitFor();
  assert.equal(await amount.inputValue(), '-1.13');
  await input(page, w.field('statement', 'reason')).fill('short delivery');
  await button(page, w.t('statement-note')).click();
  await expectState(page, w.state('statement', 'difference'));
  const confirm = button(page, w.verb('statement', 'confirm'));
  assert.ok(await confirm.isDisabled(), 'a difference is dealt with first');
  await page.getByLabel(`${w.field('statement_line', 'dealt')} ${nth}`).selectOption('adjusted');
  await input(page, w.t('statement-signed-by')).fill('Li');
  await confirm.click();
  await expectState(page, w.state('statement', 'confirmed'));
  const drafts = await ask(page, `invoices?filter=party:eq:${item.party}&filter=state:eq:draft`);
  assert.ok(drafts.total > 0, 'what was agreed is drawn up as invoices');
  // Settling waits for the money, and says so.
  await page.locator('.head .actions').getByRole('button', { name: w.verb('statement', 'settle'), exact: true }).click();
  await page.locator('.toast', { hasText: found.number }).first().waitFor();
  await expectState(page, w.state('statement', 'confirmed'));
  await page.goto(`${server.url}/statements/${found.id}/print`);
  await page.locator('.paper .seals').waitFor();
  await settled(page);
  assert.match(await page.locator('.paper h2').first().innerText(), new RegExp(w.t('print-statement')));
  assert.equal(await page.locator('.paper.a4').count() > 0, true);
});
