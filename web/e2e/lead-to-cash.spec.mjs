// A lead of the demo company is carried to cash, screen by screen, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, settled, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { button, expectState, input, link, orderToCash, pick, verb } from './steps.mjs';
import { words } from './words.mjs';

let browser;
let made;
before(async () => {
  browser = await launch();
  made = demo();
});
after(async () => {
  await browser.close();
  made.drop();
});

for (const lang of ['zh-CN', 'en']) {
  test(`a lead becomes an order and cash in ${lang}`, async () => {
    const w = words(lang);
    const server = await serve(made.folder);
    const { page, problems, close } = await open(browser, { lang });
    try {
      await signIn(page, server.link);
      await leadToQuote(page, w, server.url);
      await quoteToOrder(page, w);
      // The order's customer prepays by their terms; a person with the right lets it go on.
      await expectState(page, w.state('order', 'submitted'));
      await page.locator('.note.warn').first().waitFor();
      const notes = page.locator('.note.warn');
      for (let left = await notes.count(); left > 0; left = await notes.count()) {
        await notes.first().getByRole('button').first().click();
        const dialog = page.getByRole('dialog');
        await input(dialog, w.field('hold', 'reason')).fill('known customer');
        await dialog.locator('button[type=submit]').click();
        await dialog.waitFor({ state: 'detached' });
        await page.waitForFunction(
          (before) => document.querySelectorAll('.note.warn').length < before,
          left,
        );
      }
      await expectState(page, w.state('order', 'confirmed'));
      const amount = await page
        .locator('.facts div', { hasText: w.field('order', 'gross') })
        .first()
        .locator('dd')
        .innerText();
      await orderToCash(page, w, Number(amount.replaceAll(',', '')));
      await link(page, w.t('chain-open')).click();
      await page.getByRole('heading', { name: w.t('chain-title') }).waitFor();
      assert.equal(await page.locator('.way li[data-done=done]').count(), 7, 'every stage is done');
      assert.deepEqual(problems, []);
    } finally {
      await close();
      await server.stop();
    }
  });
}

async function leadToQuote(page, w, url) {
  await page.goto(`${url}/leads/new`);
  await input(page, w.field('lead', 'name')).fill('赵敏');
  await input(page, w.field('lead', 'company_name')).fill('明远机电设备有限公司');
  await input(page, w.field('lead', 'phone')).fill('13900000000');
  await input(page, w.field('lead', 'need')).fill('车间改造');
  await input(page, w.field('lead', 'est_amount')).fill('12,000');
  await button(page, w.t('save')).click();
  await expectState(page, w.state('lead', 'new'));
  await verb(page, w.verb('lead', 'pool'), async () => undefined);
  await expectState(page, w.state('lead', 'in_pool'));
  await verb(page, w.verb('lead', 'pick'));
  await expectState(page, w.state('lead', 'assigned'));
  await verb(page, w.verb('lead', 'accept'));
  await expectState(page, w.state('lead', 'working'));
  await verb(page, w.verb('lead', 'qualify'), async () => undefined);
  await expectState(page, w.state('lead', 'qualified'));
  await verb(page, w.verb('lead', 'convert'), async () => undefined);
  await page.locator('.toast button', { hasText: w.openOf('opportunity') }).click();
  await expectState(page, w.state('opportunity', 'open'));
  await link(page, w.newOf('quote')).click();
  await pick(page.getByLabel(`${w.field('order_line', 'product')} 1`), 'LED');
  await page.getByLabel(`${w.field('order_line', 'qty')} 1`, { exact: true }).fill('3');
  await page.locator('.totals .big dd').waitFor();
  await button(page, w.t('save-submit')).click();
}

async function quoteToOrder(page, w) {
  await page.locator('.head .actions').waitFor();
  await settled(page);
  const approve = button(page, w.verb('quote', 'approve'));
  if (await approve.count()) await approve.click();
  await expectState(page, w.state('quote', 'approved'));
  await verb(page, w.verb('quote', 'send'));
  await expectState(page, w.state('quote', 'sent'));
  await verb(page, w.verb('quote', 'accept'));
  await page.locator('.toast button', { hasText: w.openOf('order') }).click();
  await expectState(page, w.state('order', 'draft'));
  await verb(page, w.verb('order', 'submit'));
  await settled(page);
}
