// 退款 in both languages: drawn up from free money, refused above it, approved by somebody else, paid.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { open, settled, signIn } from './browser.mjs';
import { ask, button, colleague, expectState, input, link, post, verb } from './steps.mjs';

/** The number in the heading of a document. */
const numberOf = (heading) => heading.split(' ').pop();

bilingual('money that was paid too much goes back', 120, async ({ page, w, server, lang, browser }) => {
  const customer = (await ask(page, 'parties?filter=is_customer:eq:true&limit=1')).rows[0];
  const paid = await post(page, 'payments', {
    party: customer.id, amount: '87.65', method: 'transfer', reference: 'E2E', lines: [],
  });
  assert.ok(paid.id, JSON.stringify(paid));
  await page.goto(`${server.url}/parties/${customer.id}`);
  const card = page.locator('section.card', { hasText: w.t('free-money') });
  await card.locator('li', { hasText: paid.number }).getByRole('link', { name: w.verb('refund', 'create') }).click();
  await page.waitForURL(/\/refunds\/new/);
  const amount = input(page, `${w.field('refund', 'amount')} CNY`);
  await page.waitForFunction(() => document.querySelector('input.num')?.value === '87.65');
  // More than is free is refused beside what was typed, and what was typed stays.
  await amount.fill('99.99');
  const reason = input(page, w.field('refund', 'reason'));
  await reason.fill('paid twice');
  await page.locator('form button[type=submit]').click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  assert.equal(await reason.inputValue(), 'paid twice');
  await amount.fill('50');
  await settled(page);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(/\/refunds\/\d+$/);
  await expectState(page, w.state('refund', 'draft'));
  const kept = await ask(page, `payments/${paid.id}`);
  assert.deepEqual([Number(kept.unapplied), Number(kept.held)], [87.65, 50]);
  // Whoever drew it up does not let it go: there is no button, and the menu says why.
  const approve = w.verb('refund', 'approve');
  assert.equal(await button(page, approve).count(), 0);
  await page.locator('.head .actions .btn.icon').click();
  const closed = page.locator('.menu .it', { hasText: approve });
  await closed.locator('small', { hasText: await page.locator('.head h1').innerText().then(numberOf) }).waitFor();
  await page.keyboard.press('Escape');
  const refund = page.url();
  const boss = await colleague(page, 'approver');
  const other = await open(browser, { lang });
  await signIn(other.page, server.url + boss.path);
  await other.page.goto(refund);
  await verb(other.page, w.verb('refund', 'approve'));
  await expectState(other.page, w.state('refund', 'approved'));
  await other.close();
  await page.goto(refund);
  await verb(page, w.verb('refund', 'start'));
  await expectState(page, w.state('refund', 'in_process'));
  await verb(page, w.verb('refund', 'clear'), async (dialog) =>
    input(dialog, w.field('refund', 'reference')).fill('B-1'),
  );
  await expectState(page, w.state('refund', 'cleared'));
  const left = await ask(page, `payments/${paid.id}`);
  assert.deepEqual([Number(left.unapplied), Number(left.held)], [37.65, 0]);
  await page.goto(`${server.url}/refunds`);
  await link(page, (await ask(page, `refunds/${refund.split('/').pop()}`)).number).waitFor();
});

bilingual('a small refund asks nobody', 120, async ({ page, w, server }) => {
  const customer = (await ask(page, 'parties?filter=is_customer:eq:true&limit=1')).rows[0];
  // The company says up to which amount, in its settings.
  await page.goto(`${server.url}/settings`);
  await button(page, w.t('edit')).click();
  await input(page, w.field('company', 'refund_threshold')).fill('100');
  await page.locator('form button[type=submit]').click();
  await page.locator('.card', { hasText: w.t('settings-refunds-hint') }).getByText('100.00').waitFor();
  const today = new Date().toISOString().slice(0, 10);
  await post(page, 'exchange_rates', { currency: 'USD', base: 'CNY', day: today, rate: '7.20' });
  const paid = await post(page, 'payments', {
    party: customer.id, currency: 'USD', rate: '7.10', amount: '1000', method: 'transfer',
    reference: 'T/T', lines: [],
  });
  assert.ok(paid.id, JSON.stringify(paid));
  const drawUp = async (amount) => {
    await page.goto(`${server.url}/refunds/new?party=${customer.id}&from=${paid.id}`);
    await page.locator('.note', { hasText: '7.1' }).waitFor();
    await input(page, `${w.field('refund', 'amount')} USD`).fill(amount);
    await input(page, w.field('refund', 'reason')).fill('paid too much');
    await settled(page);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/refunds\/\d+$/);
  };
  await drawUp('10');
  await expectState(page, w.state('refund', 'approved'));
  await page.locator('.note', { hasText: paid.number }).filter({ hasText: '71.00' }).waitFor();
  // The bank takes it at its day's rate; somebody of finance may say another one.
  await verb(page, w.verb('refund', 'start'));
  await expectState(page, w.state('refund', 'in_process'));
  await verb(page, w.verb('refund', 'clear'), async (dialog) =>
    assert.equal(await input(dialog, w.field('refund', 'rate')).inputValue(), '', 'nothing is said ahead'),
  );
  await expectState(page, w.state('refund', 'cleared'));
  const gone = await ask(page, `refunds/${page.url().split('/').pop()}`);
  assert.deepEqual([gone.rate, gone.paid_base].map(Number), [7.2, 72]);
  // With the first one the second is no small one any more.
  await drawUp('5');
  await expectState(page, w.state('refund', 'draft'));
});
