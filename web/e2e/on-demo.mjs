// The frame of stories that share one program on a fresh demo company, with its first user signed
// in. Each file of stories is a process of its own, so what is exported here is that file's.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launch, open, signIn } from './browser.mjs';
import { demo, serve } from './server.mjs';
import { colleague } from './steps.mjs';

export let browser;
export let server;
/** The first user's page, as `open` gives it. */
export let first;

/**
 * `orders` of the demo company; `size` of the first page; `begun` does what comes before the first
 * story. `faults`: the stories provoke what a page reports, which else fails them at the end.
 */
export function onDemo({ orders, size, faults = false, begun } = {}) {
  let made;
  before(async () => {
    browser = await launch();
    made = demo(orders);
    server = await serve(made.folder);
    first = await open(browser, size ? { size } : {});
    await signIn(first.page, server.link);
    await begun?.();
  });
  after(async () => {
    if (!faults) assert.deepEqual(first.problems, []);
    await browser.close();
    await server.stop();
    made.drop();
  });
}

/** `story(page, id)` of somebody of one role, in a browser of their own. */
export async function as(role, story) {
  const { id, path } = await colleague(first.page, role);
  const theirs = await open(browser, {});
  await signIn(theirs.page, server.url + path);
  await story(theirs.page, id);
  assert.deepEqual(theirs.problems, []);
  await theirs.close();
}
