// Pictures of every screen, to be looked at: `npm run screens [FOLDER] [NAME...]`. They lie in
// docs/screens, which git leaves out: they are made from the demo company in minutes. A name may
// end in `*`. What measuring finds not to fit is printed; the exit code stays 0, since eyes decide.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DESKTOP, PHONE, launch, open, settled, signIn } from './browser.mjs';
import { misfits, sideways } from './fits.mjs';
import { places } from './places.mjs';
import { refusedPlaces } from './refused.mjs';
import { demo, serve } from './server.mjs';
import { widePlaces } from './wide.mjs';

const folder = resolve(process.argv[2] ?? '../docs/screens');
const only = process.argv.slice(3);
const asked = (what) =>
  only.length === 0 ||
  only.some((one) => (one.endsWith('*') ? what.startsWith(one.slice(0, -1)) : what === one));
mkdirSync(folder, { recursive: true });

const LOOKS = [
  ['zh-light', { lang: 'zh-CN', theme: 'light', size: DESKTOP }],
  ['en-dark', { lang: 'en', theme: 'dark', size: DESKTOP }],
  ['zh-phone', { lang: 'zh-CN', theme: 'light', size: PHONE }],
  ['en-phone-dark', { lang: 'en', theme: 'dark', size: PHONE }],
].filter(([look]) => !process.env.HUILIU_SCREENS_LOOK || process.env.HUILIU_SCREENS_LOOK === look);

const browser = await launch();
const made = demo(Number(process.env.HUILIU_SCREENS_ORDERS ?? 3000));

const cookies = async (context) => ({ cookies: (await context.storageState()).cookies, origins: [] });

/** Pictures of all places of a company in every look. */
async function shoot(server, addressesOf) {
  const first = await open(browser, {});
  await signIn(first.page, server.link);
  const enter = async (path) => {
    const other = await open(browser, {});
    await signIn(other.page, server.url + path);
    return other;
  };
  const addresses = (await addressesOf(first.page, enter)).filter(([what]) => asked(what));
  const states = new Map([[undefined, await cookies(first.context)]]);
  for (const [, , , , by] of addresses) {
    if (states.has(by)) continue;
    const other = await enter(by);
    states.set(by, await cookies(other.context));
    await other.close();
  }
  await first.close();
  for (const [look, how] of LOOKS)
    for (const [by, state] of states) {
      const { page, close } = await open(browser, { ...how, state });
      for (const [what, path, then, before, who, after] of addresses) {
        if (who !== by) continue;
        try {
          if (before) await before(page);
          await page.goto(server.url + path);
          await settled(page);
          if (then) await then(page);
        } catch (error) {
          console.log(`${what} ${look}: ${String(error).split('\n')[0]}`);
        }
        await page.screenshot({ path: `${folder}/${what.replaceAll(' ', '-')}-${look}.png` });
        for (const found of await misfits(page)) console.log(`${what} ${look}: ${found}`);
        if (how.size === PHONE)
          for (const found of await sideways(page)) console.log(`${what} ${look}: sideways ${found}`);
        if (after) await after(page);
        await page.unrouteAll();
      }
      await close();
    }
}

for (const [begins, of] of [
  ['wide', widePlaces],
  ['refused', refusedPlaces],
  ['', places],
]) {
  const isOther = (one) => !one.startsWith('wide') && !one.startsWith('refused');
  const wanted = (one) => (begins ? one.startsWith(begins) : isOther(one));
  if (only.length > 0 && !only.some(wanted)) continue;
  const server = await serve(made.folder);
  await shoot(server, of);
  await server.stop();
}

// The first run, and what is empty: a company that has just begun.
if (only.length === 0) {
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
  await empty.stop();
}
await browser.close();
made.drop();
console.log(`pictures are in ${folder}`);
