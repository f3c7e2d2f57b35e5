// The work around the documents: bringing data in and taking it back, lists taken out, paper.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, open, settled, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { button, input } from './steps.mjs';
import { words } from './words.mjs';

let browser;
let server;
let made;
let first;
const w = words('zh-CN');
const ask = (page, path) => page.evaluate((p) => fetch(`/api/v1/${p}`).then((r) => r.json()), path);
const post = (page, path, body) =>
  page.evaluate(
    ([p, b]) =>
      fetch(`/api/v1/${p}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body: JSON.stringify(b),
      }).then((r) => r.json()),
    [path, body],
  );

before(async () => {
  browser = await launch();
  made = demo(60);
  server = await serve(made.folder);
  first = await open(browser, {});
  await signIn(first.page, server.link);
});
after(async () => {
  assert.deepEqual(first.problems, []);
  await browser.close();
  await server.stop();
  made.drop();
});

const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('customers come in from a table: mapped, mended beside the cell, imported, undone', async () => {
  const { page } = first;
  await page.goto(`${server.url}/import`);
  const text = '客户编码,公司全称,电话\nQ-1,宁波启航贸易有限公司,0574-1\n,无码公司,0574-2\nQ-3,三号公司,\n';
  await page.locator('input[type=file]').setInputFiles(csv('启航.csv', text));
  // Nobody is asked to trust a guess: the heading that is not known is said.
  await page.getByText(w.t('import-lacks', { what: w.t('import-col-name') })).waitFor();
  await page.getByLabel(w.t('import-becomes-of', { what: '公司全称' })).selectOption('name');
  const wrong = page.locator('.wrong input');
  await wrong.waitFor();
  assert.match(await page.locator('.wrong .err').innerText(), new RegExp(w.t('import-col-code')));
  assert.equal(await button(page, w.t('import-go')).count(), 0);
  await wrong.fill('Q-2');
  await wrong.press('Enter');
  await page.getByText(w.t('import-good')).waitFor();
  // What was said survives a reload.
  await page.reload();
  await page.getByText(w.t('import-good')).waitFor();
  await input(page, w.t('import-learn')).fill('启航客户');
  await button(page, w.t('import-go')).click();
  await page.waitForURL(/batch=/);
  await page.getByText(w.t('import-done', { count: '3' })).waitFor();
  const found = async () =>
    (await ask(page, 'parties?filter=code:starts:Q-&fields=code')).rows.map((r) => r.code).sort();
  assert.deepEqual(await found(), ['Q-1', 'Q-2', 'Q-3']);
  const known = await ask(page, 'imports');
  assert.ok(known.learnt.some((l) => l.name === '启航客户' && l.target === 'customers'));
  // Somebody worked on a row: the whole undo is refused, and says so.
  const id = (await ask(page, 'parties?filter=code:eq:Q-1')).rows[0].id;
  await page.goto(`${server.url}/parties/${id}`);
  await button(page, w.t('edit')).click();
  await input(page, w.field('party', 'region')).fill('浙江');
  await button(page, w.t('save')).click();
  await page.locator('.toast').first().waitFor();
  await page.goto(`${server.url}/import`);
  await page.locator('.plain a.no').first().click();
  await button(page, w.t('import-undo')).first().click();
  await page.locator('.dialog .btn.danger').click();
  await page.locator('.dialog .note.bad').waitFor();
  assert.equal((await found()).length, 3);
});

test('an import is taken back whole, and the same file again is new again', async () => {
  const { page } = first;
  const bring = async () => {
    await page.goto(`${server.url}/import`);
    const text = '产品编码,产品名称,单价\nZ-1,防水接线盒,12.50\nZ-2,铜排,98.00\n';
    await page.locator('input[type=file]').setInputFiles(csv('产品.csv', text));
    await button(page, w.t('import-columns-right')).click();
    await button(page, w.t('import-go')).click();
  };
  await bring();
  await page.getByText(w.t('import-done', { count: '2' })).waitFor();
  await bring();
  await page.getByText(w.t('import-nothing-new')).waitFor();
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${server.url}/import`);
  await page.locator('.plain a.no').first().click();
  await button(page, w.t('import-undo')).first().click();
  await page.locator('.dialog .btn.danger').click();
  await page.getByText(w.t('import-undone')).waitFor();
  const left = await ask(page, 'products?filter=code:starts:Z-&count=exact');
  assert.equal(left.total, 0);
  await bring();
  await page.getByText(w.t('import-done', { count: '2' })).waitFor();
  await settled(page);
});

test('whoever may not bring data in sees no way to, and is refused', async () => {
  const { page } = first;
  const user = await post(page, 'users', { login: 'seller', name: '销售', role_code: 'sales' });
  const { path } = await post(page, `users/${user.id}/link`, {});
  const other = await open(browser, {});
  await signIn(other.page, `${server.url}${path}`);
  assert.equal(await other.page.locator('nav a[href="/import"]').count(), 0);
  const refused = await ask(other.page, 'imports');
  assert.equal(refused.code, 'access.forbidden');
  await other.close();
});

test('a list is taken out with its filter and columns, as CSV and as a workbook', async () => {
  const { page } = first;
  await page.goto(`${server.url}/orders?filter=state:eq:closed&cols=number,party,gross`);
  await page.locator('tbody a.no').first().waitFor();
  const { total } = await ask(page, 'orders?filter=state:eq:closed&count=exact&limit=1');
  const take = async (format) => {
    await button(page, w.t('take-out')).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      button(page, w.t(`take-out-${format}`)).click(),
    ]);
    assert.match(file.suggestedFilename(), new RegExp(`^${w.entity('order')}.*\\.${format}$`));
    return readFileSync(await file.path());
  };
  const lines = (await take('csv')).toString().replace('\ufeff', '').trimEnd().split('\r\n');
  const heads = ['number', 'party', 'gross'].map((name) => w.field('order', name));
  assert.equal(lines[0], heads.join(','));
  assert.equal(lines.length - 1, total);
  assert.match(lines[1], /公司/);
  assert.equal((await take('xlsx')).subarray(0, 2).toString(), 'PK');
});

test('documents are pages of their paper, with the company, the customer and every line', async () => {
  const { page } = first;
  const one = async (collection, filter) =>
    (await ask(page, `${collection}?limit=1&fields=*&filter=${filter}`)).rows[0];
  const company = (await ask(page, 'companies?fields=*')).rows[0];
  /** Width and height of each page, in millimetres. */
  const sizes = (pdf) =>
    [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].map((box) =>
      box.slice(1).map((points) => Math.round((Number(points) / 72) * 25.4)).join('×'),
    );
  for (const [collection, filter, search, size] of [
    ['quotes', 'gross:gt:0', '', '210×297'],
    ['orders', 'state:eq:closed', '', '210×297'],
    ['invoices', 'state:eq:posted', '', '210×297'],
    ['shipments', 'state:eq:delivered', '', '241×140'],
    ['shipments', 'state:eq:delivered', '?form=slip93', '241×93'],
    ['shipments', 'state:eq:delivered', '?form=a4', '210×297'],
  ]) {
    const row = await one(collection, filter);
    const whole = await ask(page, `${collection}/${row.id}?lines=yes`);
    const lines = Object.entries(whole).find(([name]) => name.endsWith('_lines'))[1];
    await page.goto(`${server.url}/${collection}/${row.id}`);
    await page.getByRole('link', { name: w.t('print'), exact: true }).click();
    await page.waitForURL(/\/print$/);
    if (search) await page.goto(`${server.url}/${collection}/${row.id}/print${search}`);
    await page.locator('.paper').first().waitFor();
    assert.equal(await page.locator('.paper tbody tr').count(), lines.length);
    const text = await page.locator('.papers').innerText();
    for (const said of [company.name, company.tax_id, row.number, w.t(`print-to`)])
      assert.ok(text.includes(said), `${collection}: ${said}`);
    const papers = await page.locator('.paper').count();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.deepEqual(sizes(pdf), Array(papers).fill(size), `${collection}${search}`);
  }
});
