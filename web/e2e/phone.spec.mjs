// What a desk shows as a drawing or a wide table, a person with a phone gets as a list that fits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, settled } from './browser.mjs';
import { sideways } from './fits.mjs';
import { first, onDemo, server } from './on-demo.mjs';
import { ask } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');

let page;
onDemo({
  size: PHONE,
  begun: () => {
    page = first.page;
  },
});

/** Rows of chips are meant to be pushed; nothing else is. */
const pushed = async () => (await sideways(page)).filter((what) => !what.startsWith('chips'));

test('the process is a list of its steps, each with the paths that leave it', async () => {
  await page.goto(`${server.url}/process`);
  await settled(page);
  await page.locator('.map-steps .what').first().waitFor();
  assert.equal(await page.locator('svg[role=img] .step').count(), 0);
  const { nodes, edges } = await ask(page, 'process/map?case=order&activities=0.45&paths=0.08');
  assert.equal(await page.locator('.map-steps .what').count(), nodes.length);
  assert.equal(await page.locator('.map-steps .out').count(), edges.length);
  await page.locator('.map-steps .out').first().click();
  await page.locator('.map-steps .out[aria-pressed=true]').waitFor();
  await page.locator('.panes section a').first().waitFor();
  assert.deepEqual(await pushed(), []);
});

test('the tree of figures stands below itself and opens a figure', async () => {
  await page.goto(`${server.url}/figures?look=tree`);
  await settled(page);
  const leaf = page.locator('.tree .leaf').first();
  await leaf.waitFor();
  assert.deepEqual(await pushed(), []);
  const widths = await page.locator('.tree .leaf').evaluateAll((all) =>
    all.map((el) => el.getBoundingClientRect().right));
  assert.ok(Math.max(...widths) <= PHONE.width, 'every figure is within the screen');
  await leaf.click();
  await page.waitForURL(/kpi=/);
});

test('rights are one role at a time, one right a line', async () => {
  await page.goto(`${server.url}/rights`);
  await settled(page);
  const role = page.locator('.rights select').first();
  await role.selectOption({ label: w.t('role-warehouse') });
  await page.getByRole('heading', { name: w.t('role-warehouse') }).waitFor();
  await page.locator('.matrix .right').first().waitFor();
  assert.deepEqual(await pushed(), []);
  const small = await page.locator('.matrix .right select').evaluateAll((all) =>
    all.filter((el) => el.getBoundingClientRect().height < 24).length);
  assert.equal(small, 0, 'each is large enough for a thumb');
});

test('home, an order’s story and the order desk are read downwards', async () => {
  const order = (await ask(page, 'orders?limit=1&filter=state:eq:closed')).rows[0].id;
  for (const path of ['/', `/orders/${order}`, '/desk', '/billing']) {
    await page.goto(server.url + path);
    await settled(page);
    assert.deepEqual(await pushed(), [], path);
    // Only the screen scrolls, never the frame around it.
    const below = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    assert.equal(below, 0, path);
  }
  await page.goto(`${server.url}/orders/${order}/chain`);
  await page.locator('.story li').first().waitFor();
  assert.deepEqual(await pushed(), []);
});
