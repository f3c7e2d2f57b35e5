// A story that is told in both languages, each time on a program of its own with a fresh copy of
// one demo company, by whoever sees everything.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { words } from './words.mjs';

/** `tell({ page, w, server, lang, browser })`; nothing may have gone wrong in the page at its end. */
export function bilingual(name, orders, tell) {
  const running = [];
  let browser;
  let made;
  before(async () => {
    browser = await launch();
    made = demo(orders);
  });
  after(async () => {
    await browser.close();
    await Promise.all(running.map((server) => server.stop()));
    made.drop();
  });
  for (const lang of ['zh-CN', 'en'])
    test(`${name} (${lang})`, async () => {
      const server = await serve(made.folder);
      running.push(server);
      const { page, problems, close } = await open(browser, { lang });
      await signIn(page, server.link);
      await tell({ page, w: words(lang), server, lang, browser });
      assert.deepEqual(problems, []);
      await close();
    });
}
