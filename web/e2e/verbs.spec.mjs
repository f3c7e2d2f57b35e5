// Every lifecycle button: what the program allows is a button, what it refuses stands beside it with
// the reason; on a document of every state that the demo company has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, settled, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { post } from './steps.mjs';
import { words } from './words.mjs';

const ELSEWHERE = new Set([
  'user.assign_role',
  'user.withdraw_role',
  // Answered line by line, in e2e/statements.spec.mjs.
  'statement.differ',
  'statement.confirm',
]);

let browser;
let server;
let made;
before(async () => {
  browser = await launch();
  made = demo();
  server = await serve(made.folder);
});
after(async () => {
  await browser.close();
  await server.stop();
  made.drop();
});

const ask = (page, path) =>
  page.evaluate(
    (p) =>
      fetch(`/api/v1/${p}`, { headers: { 'Accept-Language': document.documentElement.lang } }).then(
        (r) => r.json(),
      ),
    path,
  );

test('what is allowed is a button, what is refused says why, in every state there is', async () => {
  const { page, problems, close } = await open(browser, { lang: 'en' });
  await signIn(page, server.link);
  const w = words('en');
  // The demo company has agreed no month with anybody yet: one in each of the first states.
  const { today } = await ask(page, 'me');
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  const owing = await ask(page, 'invoices?filter=state:eq:posted&filter=open:gt:0&fields=party');
  const [one, two] = [...new Set(owing.rows.map((row) => row.party))];
  await post(page, 'statements', { party: one, period_until: yesterday });
  const sent = await post(page, 'statements', { party: two, period_until: yesterday });
  await post(page, `statements/${sent.id}/send`, {});
  let seen = 0;
  await waiting(page);
  // Whatever is declared with states and has verbs; a new one is looked at without a line here.
  const index = await ask(page, 'meta');
  const lacking = [];
  for (const { name } of index.rows ?? index.entities) {
    const entity = await ask(page, `meta/${name}`);
    if (!entity.states?.length) continue;
    for (const state of entity.states) {
      const found = await ask(
        page,
        `${entity.collection}?filter=state:eq:${state}&limit=1&count=no`,
      );
      const id = found.rows?.[0]?.id;
      if (!id) {
        lacking.push(`${name} ${state}`);
        continue;
      }
      const row = await ask(page, `${entity.collection}/${id}?verbs=yes`);
      await page.goto(`${server.url}/${entity.collection}/${id}`);
      await settled(page);
      await holds(page, w, entity, row, `${name} ${state}`);
      seen += 1;
    }
  }
  // Which states the demo company has follows from its seed; a state that goes is a test that goes.
  assert.ok(seen >= 34, `states seen: ${seen}; without a document: ${lacking.join(', ')}`);
  assert.deepEqual(problems, []);
  await close();
});

/** Documents that the demo company has none of: a return that waits, an order that is held. */
async function waiting(page) {
  const first = async (path) => (await ask(page, path)).rows[0];
  const sent = await first('shipments?limit=1&sort=-id&filter=state:eq:delivered&fields=order_id');
  const { order_lines: lines } = await ask(page, `orders/${sent.order_id}?lines=yes`);
  const line = lines.find((l) => Number(l.shipped) > Number(l.returned));
  const asked = { order: sent.order_id, reason: 'scratched', fault: 'us' };
  await post(page, 'returns', { ...asked, lines: [{ id: line.id, qty: '1' }] });
  const party = await first('parties?filter=terms_code:eq:M30&filter=is_customer:eq:true&limit=1');
  const order = await post(page, 'orders', {
    party: party.id,
    ship_to: 'Ningbo',
    customer_po_no: 'HELD-9',
    requested_on: '2027-12-01',
    lines: [{ product: line.product, qty: '900000', price: '90' }],
  });
  await post(page, `orders/${order.id}/submit`, {});
  const hold = await first(`holds?filter=subject:eq:${order.id}&filter=open:eq:1&limit=1`);
  await post(page, `holds/${hold.id}/request_release`, {});
  await post(page, 'webhooks', {
    name: 'shop',
    url: 'https://shop.example.com/hook',
    activities: 'order.confirmed',
  });
}

async function holds(page, w, entity, row, where) {
  const label = (step) => w.verb(entity.name, step.verb);
  const steps = row.verbs.filter((s) => !ELSEWHERE.has(`${entity.name}.${s.verb}`));
  const bar = page.locator('.head .actions');
  if (steps.length === 0) return assert.equal(await bar.count(), 0, where);
  await bar.waitFor();
  const buttons = await bar.locator('.btn:not(.icon)').allInnerTexts();
  let more = [];
  if (await bar.locator('.btn.icon').count()) {
    await bar.locator('.btn.icon').click();
    await page.locator('.menu').waitFor();
    more = await page
      .locator('.menu .it')
      .evaluateAll((all) =>
        all.map((it) => ({
          closed: it.querySelector('.closed-step') !== null,
          text: it.innerText.trim().split('\n')[0],
          why: it.querySelector('small')?.innerText ?? '',
        })),
      );
    await page.keyboard.press('Escape');
  }
  const open = [...buttons, ...more.filter((m) => !m.closed).map((m) => m.text)].sort();
  assert.deepEqual(
    open,
    steps
      .filter((s) => s.open)
      .map(label)
      .sort(),
    `${where}: open`,
  );
  const closed = more.filter((m) => m.closed);
  assert.deepEqual(
    closed.map((m) => m.text).sort(),
    steps
      .filter((s) => !s.open)
      .map(label)
      .sort(),
    `${where}: closed`,
  );
  // What stands beside the button is what the program itself says when it is sent all the same.
  for (const step of steps.filter((s) => !s.open)) {
    const said = await post(page, `${entity.collection}/${row.id}/${step.verb}`, {});
    // A wish that is fulfilled already changes nothing.
    const now = await ask(page, `${entity.collection}/${row.id}`);
    assert.ok(said.code || now.version === row.version, `${where} ${step.verb} went through`);
  }
  for (const step of closed)
    assert.ok(
      step.why.length > 10 && !/state\.|_/.test(step.why),
      `${where} ${step.text}: ${step.why}`,
    );
}
