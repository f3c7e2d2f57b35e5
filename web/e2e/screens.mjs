// Pictures of every screen, to be looked at: `npm run screens [FOLDER] [NAME...]`. They lie in
// docs/screens, which git leaves out: they are made from the demo company in a minute.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DESKTOP, PHONE, launch, open, settled, signIn } from './browser.mjs';
import { places } from './places.mjs';
import { demo, serve } from './server.mjs';

const folder = resolve(process.argv[2] ?? '../docs/screens');
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

const LOOKS = [
  ['zh-light', { lang: 'zh-CN', theme: 'light', size: DESKTOP }],
  ['en-dark', { lang: 'en', theme: 'dark', size: DESKTOP }],
  ['zh-phone', { lang: 'zh-CN', theme: 'light', size: PHONE }],
  ['en-phone-dark', { lang: 'en', theme: 'dark', size: PHONE }],
];

const browser = await launch();
const made = demo(Number(process.env.HUILIU_SCREENS_ORDERS ?? 3000));
const server = await serve(made.folder);
const first = await open(browser, {});
await signIn(first.page, server.link);
const addresses = await places(first.page);
const state = { cookies: (await first.context.storageState()).cookies, origins: [] };
await first.close();

for (const [look, how] of LOOKS) {
  const { page, close } = await open(browser, { ...how, state });
  for (const [what, path, then] of addresses) {
    if (only.length > 0 && !only.includes(what)) continue;
    await page.goto(server.url + path);
    await settled(page);
    if (then) await then(page);
    await page.screenshot({ path: `${folder}/${what.replaceAll(' ', '-')}-${look}.png` });
  }
  await close();
}

// The first run, and what is empty: a company that has just begun.
const empty = await serve();
for (const [look, how] of LOOKS) {
  const { page, close } = await open(browser, how);
  await page.goto(empty.url);
  await settled(page);
  await page.screenshot({ path: `${folder}/not-set-up-${look}.png` });
  await page.goto(empty.link);
  await settled(page);
  await page.screenshot({ path: `${folder}/set-up-${look}.png`, fullPage: true });
  await close();
}
await browser.close();
await server.stop();
await empty.stop();
made.drop();
console.log(`pictures are in ${folder}`);
