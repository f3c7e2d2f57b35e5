// Every lifecycle button: what the program allows is a button, what it refuses stands beside it with
// the reason; on a document of every state that the demo company has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, settled, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { post } from './steps.mjs';
import { words } from './words.mjs';

const ENTITIES = [
  'lead',
  'opportunity',
  'quote',
  'order',
  'shipment',
  'invoice',
  'payment',
  'statement',
  'period',
];
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
  for (const name of ENTITIES) {
    const entity = await ask(page, `meta/${name}`);
    for (const state of entity.states) {
      const found = await ask(
        page,
        `${entity.collection}?filter=state:eq:${state}&limit=1&count=no`,
      );
      const id = found.rows[0]?.id;
      if (!id) continue;
      const row = await ask(page, `${entity.collection}/${id}?verbs=yes`);
      await page.goto(`${server.url}/${entity.collection}/${id}`);
      await settled(page);
      await holds(page, w, entity, row, `${name} ${state}`);
      seen += 1;
    }
  }
  assert.ok(seen >= 18, `states seen: ${seen}`);
  assert.deepEqual(problems, []);
  await close();
});

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
  for (const step of closed)
    assert.ok(
      step.why.length > 10 && !/state\.|_/.test(step.why),
      `${where} ${step.text}: ${step.why}`,
    );
}
