// 线索公海 in both languages: two people want the same lead, one takes it; what one cannot use goes
// back with a reason, and rests before the same person takes it again; whoever may not take sees none.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { PHONE, open, settled, signIn } from './browser.mjs';
import { ask, button, colleague, expectState, expectToast, input, pick, post } from './steps.mjs';

/** A lead that marketing puts into the pool. */
async function pooled(page, name, amount) {
  const body = { name, company_name: `${name} Ltd`, phone: '0571-88990011', need: 'Cable', est_amount: amount };
  const lead = await post(page, 'leads', body);
  assert.ok(lead.id, JSON.stringify(lead));
  const done = await post(page, `leads/${lead.id}/pool`, {});
  assert.equal(done.state, 'in_pool', JSON.stringify(done));
  return lead;
}

bilingual('a lead that nobody owns is taken, given back and assigned', 40, async (story) => {
  const { page, w, server, lang, browser } = story;
  const [one, two, three] = [
    await pooled(page, 'Anna', '1000'),
    await pooled(page, 'Berta', '5000'),
    await pooled(page, 'Clara', '3000'),
  ];
  const people = [await colleague(page, 'sales'), await colleague(page, 'sales')];
  const pages = [];
  for (const [at, who] of people.entries()) {
    const theirs = await open(browser, { lang, ...(at === 1 ? { size: PHONE } : {}) });
    await signIn(theirs.page, server.url + who.path);
    await theirs.page.goto(`${server.url}/pool`);
    await theirs.page.locator('td.title', { hasText: 'Anna Ltd' }).waitFor();
    pages.push(theirs);
  }
  const [first, second] = pages.map((p) => p.page);
  const take = w.verb('lead', 'pick');
  // One takes what both look at; the other is told, and it is gone from their screen.
  const row = (of, name) => of.locator('tr', { hasText: `${name} Ltd` });
  await row(first, 'Anna').getByRole('button', { name: take }).click();
  await row(first, 'Anna').waitFor({ state: 'detached' });
  // On a phone the sale asks for the same one, which its screen still shows.
  await row(second, 'Anna').getByRole('button', { name: take }).click();
  await second.locator('.note', { hasText: 'Anna Ltd' }).waitFor();
  await row(second, 'Anna').waitFor({ state: 'detached' });
  const taken = await ask(page, `leads/${one.id}`);
  assert.deepEqual([taken.state, taken.owner], ['assigned', people[0].id]);
  assert.equal((await ask(second, `leads/${one.id}`)).code, 'store.not_found');
  // Given back without a reason it stays; with one it is there for others, who see why.
  await first.goto(`${server.url}/pool?look=mine`);
  const back = w.verb('lead', 'give_back');
  await row(first, 'Anna').getByRole('button', { name: back }).click();
  const dialog = first.getByRole('dialog');
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('[aria-invalid=true], .note.bad').first().waitFor();
  assert.equal((await ask(page, `leads/${one.id}`)).state, 'assigned');
  await input(dialog, w.field('lead', 'reason')).fill('Other region');
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  await first.goto(`${server.url}/pool`);
  await row(first, 'Anna').locator('td.why', { hasText: 'Other region' }).waitFor();
  // It rests: the one who gave it back is refused and told for how long.
  await row(first, 'Anna').getByRole('button', { name: take }).click();
  await first.locator('.note', { hasText: '7' }).waitFor();
  const kept = await ask(page, `leads/${one.id}`);
  assert.deepEqual([kept.state, kept.owner, kept.given_back_by], ['in_pool', null, people[0].id]);
  // Several at once, the largest first; then the screen says how many one holds.
  await button(first, w.t('pool-largest')).click();
  await settled(first);
  const order = await first.locator('td.title b').allInnerTexts();
  assert.ok(order.indexOf('Berta Ltd') < order.indexOf('Clara Ltd'), order.join());
  for (const name of ['Berta', 'Clara']) await row(first, name).getByRole('checkbox').check();
  await first.locator('.bulk').getByRole('button', { name: take }).click();
  await row(first, 'Clara').waitFor({ state: 'detached' });
  for (const lead of [two, three])
    assert.equal((await ask(page, `leads/${lead.id}`)).owner, people[0].id);
  await first.locator('.head .sub', { hasText: '2' }).waitFor();
  // The desk assigns what nobody took.
  await page.goto(`${server.url}/pool`);
  await row(page, 'Anna').getByRole('button', { name: w.verb('lead', 'assign') }).click();
  const assign = page.getByRole('dialog');
  await pick(input(assign, w.field('lead', 'owner')), 'E2E sales');
  await assign.locator('button[type=submit]').click();
  await expectToast(page, '1');
  await row(page, 'Anna').waitFor({ state: 'detached' });
  await page.goto(`${server.url}/leads/${one.id}`);
  await expectState(page, w.state('lead', 'assigned'));
  // Who may not take sees neither the place nor its leads.
  const { path } = await colleague(page, 'warehouse');
  const other = await open(browser, { lang });
  await signIn(other.page, server.url + path);
  assert.equal(await other.page.locator('nav a[href="/pool"]').count(), 0);
  assert.equal((await ask(other.page, 'leads/pool')).code, 'access.forbidden');
  for (const p of [...pages, other]) {
    assert.deepEqual(p.problems, []);
    await p.close();
  }
  // The same leads as a funnel: fewer at each step, and each leads to its rows.
  await page.goto(`${server.url}/leads?view=funnel`);
  const steps = page.locator('.funnel li');
  await steps.nth(4).waitFor();
  const counts = (await steps.locator('b').allInnerTexts()).map((n) => Number(n.replaceAll(',', '')));
  assert.ok(counts.every((n, at) => at === 0 || n <= counts[at - 1]), counts.join());
  assert.equal(counts[0], (await ask(page, 'leads?limit=1')).total);
  await steps.nth(3).getByRole('button').click();
  await settled(page);
  assert.equal((await ask(page, 'leads?filter=state:eq:converted&limit=1')).total, counts[3]);
});
