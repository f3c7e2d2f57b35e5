// What people do, step by step; stories are made of these.
import assert from 'node:assert/strict';

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const link = (page, name) => page.getByRole('link', { name, exact: true });

/** A labelled input within a place; a star behind a required label does not count. */
export const input = (place, label) =>
  place
    .getByLabel(new RegExp(`^${escape(label)}\\*?$`))
    .and(place.locator('input,select,textarea'));
const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Chooses from a picker by typing. */
export async function pick(box, text) {
  await box.click();
  await box.fill(text);
  await box.page().getByRole('option').filter({ hasText: text }).first().click();
}

/** The state that the head of a document shows. */
export async function expectState(page, state) {
  await page.locator('.head .tag', { hasText: state }).first().waitFor();
}

export async function expectToast(page, text) {
  await page.locator('.toast', { hasText: text }).first().waitFor();
}

/** Presses a verb, in the bar or in the menu behind it, and confirms its form if it has one. */
export async function verb(page, name, fill) {
  const bar = page.locator('.head .actions');
  await bar.waitFor();
  const shown = bar.getByRole('button', { name, exact: true });
  if (await shown.count()) await shown.click();
  else {
    await bar.locator('.btn.icon').click();
    await page.locator('.menu .it').filter({ hasText: name }).first().click();
  }
  if (fill) {
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await fill(dialog);
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
  }
}

export const number = (page) => page.locator('.head h1').innerText();

/** From a confirmed order's page to the cash: the way that every order goes. */
export async function orderToCash(page, w, amount) {
  const order = page.url();
  await link(page, w.openOf('shipment')).click();
  await expectState(page, w.state('shipment', 'assigned'));
  await verb(page, w.verb('shipment', 'pick'));
  await expectState(page, w.state('shipment', 'picked'));
  await verb(page, w.verb('shipment', 'ship'), async (dialog) =>
    input(dialog, w.field('shipment', 'carrier')).fill('SF'),
  );
  await expectState(page, w.state('shipment', 'shipped'));
  await verb(page, w.verb('shipment', 'deliver'), async (dialog) =>
    input(dialog, w.field('shipment', 'signed_by')).fill('Li'),
  );
  await expectState(page, w.state('shipment', 'delivered'));
  await page.goto(order);
  await verb(page, w.verb('order', 'bill'));
  await page.locator('.toast button', { hasText: w.openOf('invoice') }).click();
  await expectState(page, w.state('invoice', 'draft'));
  await verb(page, w.verb('invoice', 'post'), async () => undefined);
  await expectState(page, w.state('invoice', 'posted'));
  await page.goto(order);
  await link(page, w.verb('payment', 'create')).click();
  const paid = input(page, `${w.field('payment', 'amount')} CNY`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input.num')].some((i) => i.value !== ''),
  );
  assert.equal(Number(await paid.inputValue()), amount, 'the amount of the invoice is offered');
  await page.locator('form button[type=submit]').click();
  await expectState(page, w.state('payment', 'cleared'));
  await page.goto(order);
  await expectState(page, w.state('order', 'closed'));
}

/** What the page's own session gets from the API, and what it sends there. */
export const ask = (page, path) => page.evaluate((p) => fetch(`/api/v1/${p}`).then((r) => r.json()), path);
export const post = (page, path, body) =>
  page.evaluate(
    ([p, b]) =>
      fetch(`/api/v1/${p}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body: JSON.stringify(b),
      }).then((r) => r.json()),
    [path, body],
  );

/** A new colleague with one role, by the link that lets them in. */
let colleagues = 0;
export async function colleague(page, role) {
  colleagues += 1;
  const login = `${role}.${colleagues}`;
  const user = await post(page, 'users', { login, name: `E2E ${role}`, role_code: role });
  const { path } = await post(page, `users/${user.id}/link`, {});
  return { id: user.id, path };
}
