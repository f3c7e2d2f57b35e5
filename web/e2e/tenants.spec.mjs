// Two tenants behind one server: each signs in with its code and sees its own company alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { HUILIU, serve } from './server.mjs';
import { button, input } from './steps.mjs';
import { words } from './words.mjs';

const w = words('zh-CN');
const PASSWORD = 'correct horse';
const TENANTS = [
  { code: 'north', company: '北方五金' },
  { code: 'south', company: '南方五金' },
];
let browser;
let server;
let folder;

/** Sets a tenant's company up by its link; both have an administrator of the same login. */
async function setUp(link, company) {
  const response = await fetch(`${server.url}/api/v1/set-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: JSON.stringify({
      link: link.replace('/link/', ''),
      code: 'HQ',
      name: company,
      start_period: '2026-01',
      chart: 'enterprise',
      taxpayer: 'general',
      prices: 'incl',
      costing: 'moving_average',
      recognition: 'on_ship',
      credit_control: 'yes',
      login: 'boss',
      person: `${company}老板`,
      password: PASSWORD,
    }),
  });
  assert.equal(response.status, 200, await response.text());
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hl-web-tenants-'));
  for (const { code, company } of TENANTS) {
    const args = ['tenant', 'add', code, '--name', company, '--data', folder];
    execFileSync(HUILIU, args, { stdio: 'pipe' });
  }
  browser = await launch();
  server = await serve(folder, { own: true });
  while (server.links().length < TENANTS.length) await new Promise((done) => setTimeout(done, 50));
  for (const [at, { company }] of TENANTS.entries()) await setUp(server.links()[at], company);
});
after(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function enter(page, code) {
  await page.goto(`${server.url}/sign-in`);
  await input(page, w.t('sign-in-tenant')).fill(code);
  await input(page, w.t('sign-in-login')).fill('boss');
  await input(page, w.t('sign-in-password')).fill(PASSWORD);
  await button(page, w.t('sign-in')).click();
}

test('two browsers are signed in to two tenants of one server, and neither sees the other', async () => {
  const theirs = [];
  for (const { code, company } of TENANTS) {
    const one = await open(browser, {});
    await enter(one.page, code);
    await one.page.waitForURL((url) => url.pathname === '/');
    await one.page.locator('main h1').first().waitFor();
    const me = await one.page.request.get(`${server.url}/api/v1/me`);
    assert.equal((await me.json()).company.name, company);
    const made = await one.page.evaluate(async (name) => {
      const answer = await fetch('/api/v1/parties', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ code: 'C1', name, is_customer: true }),
      });
      return answer.status;
    }, `${company}的客户`);
    assert.equal(made, 201);
    theirs.push(one);
  }
  for (const [at, { company }] of TENANTS.entries()) {
    const { page, problems } = theirs[at];
    await page.goto(`${server.url}/parties`);
    await page.getByText(`${company}的客户`).first().waitFor();
    const other = TENANTS[1 - at].company;
    assert.equal(await page.getByText(other).count(), 0);
    assert.deepEqual(problems, []);
  }
  for (const one of theirs) await one.close();
});

test('an unknown code is refused like a wrong password', async () => {
  const one = await open(browser, {});
  await enter(one.page, 'nowhere');
  await one.page.getByRole('alert').or(one.page.locator('.note')).first().waitFor();
  assert.equal(new URL(one.page.url()).pathname, '/sign-in');
  const said = await one.page.locator('form').innerText();
  assert.ok(!said.includes('nowhere'), said);
  await one.close();
});
