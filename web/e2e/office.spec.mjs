// The work around the documents: bringing data in and taking it back, lists taken out, paper.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { open, settled, signIn } from './browser.mjs';
import { browser, first, onDemo, server } from './on-demo.mjs';
import { ask, button, input, post } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');

onDemo({ orders: 60 });

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

test('a value is changed where it stands in a list: Enter, Tab, Escape, undo, and what is refused', async () => {
  const { page, context } = first;
  await page.goto(`${server.url}/parties?filter=is_customer:eq:true&sort=code&cols=code,name,region,industry,tax_id`);
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const ids = (await ask(page, 'parties?filter=is_customer:eq:true&sort=code&limit=3')).rows.map((r) => r.id);
  const now = async (at) => ask(page, `parties/${ids[at]}`);
  const cell = (at, name) =>
    rows.nth(at).locator(`td[data-label="${w.field('party', name)}"]`);
  const typing = page.locator('.in-cell input');
  const was = (await now(0)).region;
  // Enter saves and goes down; Tab saves and goes right; Escape leaves.
  await cell(0, 'region').click();
  await typing.fill('青海省');
  await typing.press('Enter');
  await page.waitForFunction(
    (label) => document.activeElement?.closest('tr')?.rowIndex === 2 && document.activeElement.getAttribute('aria-label')?.startsWith(label),
    w.field('party', 'region'),
  );
  await page.locator('.toast').first().waitFor();
  await typing.fill('不要保存');
  await typing.press('Escape');
  assert.equal(await page.locator('.in-cell').count(), 0);
  assert.notEqual((await now(1)).region, '不要保存');
  assert.equal((await now(0)).region, '青海省');
  await page.locator('.toast', { hasText: w.field('party', 'region') }).getByRole('button', { name: w.t('undo') }).first().click();
  await page.waitForFunction(
    ([id, region]) => fetch(`/api/v1/parties/${id}`).then((r) => r.json()).then((r) => (r.region ?? '') === region),
    [ids[0], was ?? ''],
  );
  await cell(1, 'region').click();
  await typing.fill('西藏');
  await typing.press('Tab');
  await page.waitForFunction(
    (label) => document.activeElement?.getAttribute('aria-label')?.startsWith(label),
    w.field('party', 'industry'),
  );
  await typing.press('Escape');
  // 422: what is shown is taken back, what was typed comes back with the cell.
  const good = (await now(2)).tax_id;
  await cell(2, 'tax_id').click();
  await typing.fill('123');
  await typing.press('Enter');
  const bad = page.locator('.toast.bad');
  await bad.first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal((await cell(2, 'tax_id').innerText()).trim(), good ?? '');
  await bad.first().getByRole('button', { name: w.t('inline-mend') }).click();
  assert.equal(await typing.inputValue(), '123');
  await typing.press('Escape');
  assert.equal((await now(2)).tax_id, good);
  // A lost line: taken back, and tried again from where it was said.
  await context.setOffline(true);
  await cell(2, 'region').click();
  await typing.fill('海南省');
  await typing.press('Enter');
  await page.keyboard.press('Escape');
  const lost = page.locator('.toast.bad', { hasText: w.t('problem-offline') });
  await lost.waitFor();
  assert.notEqual((await cell(2, 'region').innerText()).trim(), '海南省');
  await context.setOffline(false);
  await lost.getByRole('button', { name: w.t('again') }).click();
  await page.waitForFunction(
    (id) => fetch(`/api/v1/parties/${id}`).then((r) => r.json()).then((r) => r.region === '海南省'),
    ids[2],
  );
});

test('a reference is changed where it stands: found by typing, chosen by Enter, saved by the next', async () => {
  const { page } = first;
  await page.goto(`${server.url}/parties?filter=is_customer:eq:true&sort=code&cols=code,name,parent,region`);
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const [child, parent] = (
    await ask(page, 'parties?filter=is_customer:eq:true&sort=code&limit=2&fields=name,parent')
  ).rows;
  const cell = rows.nth(0).locator(`td[data-label="${w.field('party', 'parent')}"]`);
  await cell.click({ position: { x: 4, y: 4 } });
  const typing = page.locator('.in-cell input');
  await typing.fill(parent.name);
  await page.getByRole('option').filter({ hasText: parent.name }).first().waitFor();
  await typing.press('Enter');
  assert.equal(await page.locator('.in-cell').count(), 1, 'the first Enter chooses');
  await typing.press('Enter');
  await page.locator('.toast', { hasText: w.field('party', 'parent') }).first().waitFor();
  assert.equal((await ask(page, `parties/${child.id}`)).parent, parent.id);
  await cell.getByText(parent.name).waitFor();
  await page.locator('.toast', { hasText: w.field('party', 'parent') }).getByRole('button', { name: w.t('undo') }).first().click();
  await page.waitForFunction(
    ([id, was]) => fetch(`/api/v1/parties/${id}`).then((r) => r.json()).then((r) => (r.parent ?? null) === was),
    [child.id, child.parent ?? null],
  );
});

test('two people change one cell: both values are said, and the later one decides', async () => {
  const { page, context } = first;
  const other = await open(browser, { state: await context.storageState() });
  const path = '/parties?filter=is_customer:eq:true&sort=code&cols=code,name,region';
  const id = (await ask(page, 'parties?filter=is_customer:eq:true&sort=code&limit=1')).rows[0].id;
  const region = (p) =>
    p.locator('tbody tr').first().locator(`td[data-label="${w.field('party', 'region')}"]`);
  for (const p of [page, other.page]) {
    // Nobody hears of the other's change: what is on the screen is old.
    await p.route('**/api/v1/live*', (route) => route.abort());
    await p.goto(server.url + path);
    await region(p).click();
  }
  await other.page.locator('.in-cell input').fill('福建省');
  await other.page.locator('.in-cell input').press('Enter');
  await other.page.locator('.toast').first().waitFor();
  await page.locator('.in-cell input').fill('广东省');
  await page.locator('.in-cell input').press('Enter');
  const said = page.locator('.toast.bad');
  await said.waitFor();
  assert.match(await said.innerText(), /福建省.*广东省/s);
  await page.keyboard.press('Escape');
  assert.equal((await region(page).innerText()).trim(), '福建省');
  await said.getByRole('button', { name: w.t('conflict-mine') }).click();
  await page.waitForFunction(
    (one) => fetch(`/api/v1/parties/${one}`).then((r) => r.json()).then((r) => r.region === '广东省'),
    id,
  );
  for (const p of [page, other.page]) await p.unroute('**/api/v1/live*');
  await other.close();
});

test('table, board and calendar share one filter, and a day that holds more leads to its list', async () => {
  const { page } = first;
  const all = (await ask(page, 'orders?limit=200&fields=promised_now&sort=promised_now')).rows;
  const days = all.map((row) => row.promised_now).filter(Boolean);
  const month = days[Math.floor(days.length / 2)].slice(0, 7);
  await page.goto(`${server.url}/orders?filter=state:eq:closed&month=${month}`);
  await button(page, w.t('view-calendar')).click();
  await page.locator('.cal td[data-empty]').first().waitFor();
  await settled(page);
  const inMonth = (await ask(
    page,
    `orders?limit=200&count=exact&filter=state:eq:closed&filter=promised_now:ge:${month}-01&filter=promised_now:le:${month}-31`.replace('-31', `-${String(new Date(Number(month.slice(0, 4)), Number(month.slice(5)), 0).getDate())}`),
  )).total;
  const shown = await page.locator('.cal td:not([data-dim]) li').count();
  const rest = await page.locator('.cal td:not([data-dim]) > a.text').allInnerTexts();
  const more = rest.reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0);
  assert.ok(inMonth > 0);
  assert.equal(shown + more, inMonth);
  assert.match(page.url(), /filter=state%3Aeq%3Aclosed|filter=state:eq:closed/);
  await button(page, w.t('cal-after')).click();
  await page.waitForURL((url) => url.searchParams.get('month') > month);
  await button(page, w.t('view-list')).click();
  await page.locator('tbody a.no').first().waitFor();
  assert.match(decodeURIComponent(page.url()), /filter=state:eq:closed/);
});

test('what stands on paper is set once, and the trail says who set it', async () => {
  const { page } = first;
  await page.goto(`${server.url}/settings`);
  await button(page, w.t('edit')).click();
  await input(page, w.field('company', 'phone')).fill('0574-88886666');
  await button(page, w.t('save')).click();
  await page.getByText('0574-88886666').waitFor();
  const order = (await ask(page, 'orders?limit=1&filter=state:eq:closed')).rows[0].id;
  await page.goto(`${server.url}/orders/${order}/print`);
  await page.locator('.paper header', { hasText: '0574-88886666' }).waitFor();
  const { user } = await ask(page, 'me');
  await page.goto(`${server.url}/trail?kind=company&actor=${user.id}`);
  const row = page.locator('tbody tr').first();
  await row.waitFor();
  assert.match(await row.innerText(), new RegExp(user.name));
  assert.ok(!(await page.locator('main').innerText()).includes('0574-88886666'));
  // Nobody else did it, and nothing happened in the future.
  const none = await ask(page, `trail?kind=company&actor=${Number.MAX_SAFE_INTEGER}`);
  assert.deepEqual(none.rows, []);
  const later = await ask(page, 'trail?from=2999-01-01');
  assert.deepEqual(later.rows, []);
});

test('whoever sees less than the whole company sees no trail', async () => {
  const { page } = first;
  const user = await post(page, 'users', { login: 'packer', name: '仓管', role_code: 'warehouse' });
  const { path } = await post(page, `users/${user.id}/link`, {});
  const other = await open(browser, {});
  await signIn(other.page, `${server.url}${path}`);
  assert.equal(await other.page.locator('nav a[href="/trail"]').count(), 0);
  assert.equal((await ask(other.page, 'trail')).code, 'access.forbidden');
  await other.close();
});
