// Lighthouse on the real program with the demo company: `npm --prefix web/tools/lighthouse run report`
// writes docs/lighthouse.md. A report to read, not a gate: scores move with the load of the machine.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from '../../node_modules/playwright-core/index.mjs';
import { demo, serve } from '../../e2e/server.mjs';

const RUNS = Number(process.env.RUNS ?? 3);
const PORT = 9311;
const PLACES = ['/', '/orders', '/opportunities?view=board', '/process', '/statements'];
const KINDS = ['performance', 'accessibility', 'best-practices'];

const made = demo();
const server = await serve(made.folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', `--remote-debugging-port=${PORT}`],
});
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
const rows = [];
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.link);
  await page.locator('button.primary').click();
  await page.waitForURL((url) => url.pathname === '/');
  const Cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  for (const place of PLACES) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const flags = { port: PORT, onlyCategories: KINDS, extraHeaders: { Cookie }, logLevel: 'error' };
      let { lhr } = await lighthouse(server.url + place, flags, desktopConfig);
      // A trace sometimes lacks a metric: the run is made once more.
      if (lhr.audits['cumulative-layout-shift'].numericValue === undefined)
        ({ lhr } = await lighthouse(server.url + place, flags, desktopConfig));
      runs.push(lhr);
    }
    const score = (kind) => Math.round(median(runs.map((lhr) => lhr.categories[kind].score)) * 100);
    const audit = (id) => median(runs.map((lhr) => lhr.audits[id].numericValue));
    const landed = new URL(runs[0].finalDisplayedUrl).pathname;
    if (landed !== new URL(server.url + place).pathname) throw new Error(`${place} led to ${landed}`);
    rows.push([
      `\`${place}\``,
      ...KINDS.map(score),
      `${(audit('first-contentful-paint') / 1000).toFixed(1)} s`,
      `${(audit('largest-contentful-paint') / 1000).toFixed(1)} s`,
      `${Math.round(audit('total-blocking-time'))} ms`,
      audit('cumulative-layout-shift').toFixed(3),
      `${Math.round(audit('total-byte-weight') / 1024)} kB`,
    ]);
    console.log(rows.at(-1).join('  '));
  }
} finally {
  await browser.close();
  await server.stop();
  made.drop();
}
const head = ['Address', 'Performance', 'Accessibility', 'Best practices', 'FCP', 'LCP', 'TBT', 'CLS', 'Bytes'];
const line = (cells) => `| ${cells.join(' | ')} |`;
writeFileSync(
  resolve(import.meta.dirname, '../../../docs/lighthouse.md'),
  `# Lighthouse

Written by \`npm --prefix web/tools/lighthouse install && npm --prefix web/tools/lighthouse run report\`: Lighthouse
12.8.2, preset *desktop*, Debian's Chromium, the demo company on the program that \`HUILIU\` names (here the built one,
profile perf), median of ${RUNS} runs for each address. A report, not a gate: the machine has two cores and is shared, and
scores move with its load. Bytes are the hard limit
(\`npm run bytes\`), axe the other (\`e2e/screens.spec.mjs\`).

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`,
);
