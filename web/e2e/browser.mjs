// A browser of its own, signed in, in a language and a size.
import { chromium } from 'playwright-core';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  });

/** A page with its own storage; what it logs as an error, or refuses by its policy, is kept. */
export async function open(
  browser,
  { size = DESKTOP, lang = 'zh-CN', theme = 'light', state } = {},
) {
  const phone = size.width < 600;
  const context = await browser.newContext({
    viewport: size,
    locale: lang,
    hasTouch: phone,
    isMobile: phone,
    deviceScaleFactor: phone ? 2 : 1,
    storageState: state,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
  });
  await context.addInitScript(
    ([l, t]) => {
      if (!localStorage.getItem('hl.lang')) localStorage.setItem('hl.lang', l);
      if (!localStorage.getItem('hl.theme')) localStorage.setItem('hl.theme', t);
    },
    [lang, theme],
  );
  const page = await context.newPage();
  watch(page);
  // Whether it comes, not how soon: a busy machine is no fault. How soon is measured elsewhere.
  page.setDefaultTimeout(60_000);
  const problems = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser's own line about an answer with a refusal; the app shows those to people.
    if (/Failed to load resource/.test(message.text())) return;
    problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return { page, context, problems, close: () => context.close() };
}

export async function signIn(page, link) {
  await page.goto(link);
  await page.locator('button.primary').click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.locator('main h1').first().waitFor();
}

/** Signs in by a token, for a browser beside the first. */
export async function withToken(context, url, token) {
  await context.addCookies([
    { name: 'hl_sid', value: token, url, httpOnly: true, sameSite: 'Lax' },
  ]);
}

/** Requests under way by page, and when the last one began or ended. */
const asked = new WeakMap();

function watch(page) {
  const of = { open: new Set(), last: 0 };
  asked.set(page, of);
  const note = (then) => (request) => {
    // The line of live updates stays open for as long as the page does.
    if (request.resourceType() === 'eventsource') return;
    of.last = Date.now();
    then(request);
  };
  page.on('request', note((request) => of.open.add(request)));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, note((request) => of.open.delete(request)));
  page.on('framenavigated', (frame) => frame === page.mainFrame() && of.open.clear());
}

/** Waits until nothing was asked of the program for so many milliseconds, and the page has shown
 *  what it got. */
export async function settled(page, silence = 500) {
  const of = asked.get(page);
  const until = Date.now() + 60_000;
  const isSilent = () => of.open.size === 0 && Date.now() - of.last >= silence;
  const shows = () =>
    page
      .evaluate(
        () =>
          new Promise((done) => {
            const drawn = () => done(document.readyState === 'complete' && !document.querySelector('main .skel'));
            requestIdleCallback(() => requestAnimationFrame(drawn), { timeout: 2000 });
          }),
      )
      // The page is on its way to another one.
      .catch(() => false);
  while (!isSilent() || !(await shows()) || !isSilent()) {
    if (Date.now() > until) throw new Error(`${page.url()} asks and asks: ${[...of.open].map((r) => r.url())}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
