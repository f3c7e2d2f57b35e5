// 评论、提及、任务 in both languages, as docs/talk.md walks it: an order waits for a word; who is
// called is offered by the keyboard and hears of it; a task is asked for, is late, and is done.
import assert from 'node:assert/strict';
import { bilingual } from './bilingual.mjs';
import { PHONE, open, settled, signIn } from './browser.mjs';
import { ask, button, colleague, input, post } from './steps.mjs';

bilingual('an order is talked about, somebody is called, and a task is done', 60, async (story) => {
  const { page, w, server, lang, browser } = story;
  const shots = process.env.HUILIU_E2E_SHOTS;
  const shot = (of, name) =>
    shots ? of.screenshot({ path: `${shots}/talk-${name}-${lang}.png`, fullPage: true }) : null;
  const [order] = (await ask(page, 'orders?limit=1&sort=-number')).rows;
  const mei = await colleague(page, 'finance');
  const keeper = await colleague(page, 'warehouse');
  const hers = await open(browser, { lang, size: PHONE, theme: 'dark' });
  await signIn(hers.page, server.url + mei.path);
  // Nobody is asked yet: the box says how, and an @ offers who may see the order.
  await page.goto(`${server.url}/orders/${order.id}`);
  await settled(page);
  await shot(page, 'empty');
  const box = page.getByRole('textbox', { name: w.t('comment-new') });
  await box.fill('');
  await box.pressSequentially('@E2E fi');
  await box.press('Escape');
  assert.equal(await page.getByRole('listbox').count(), 0);
  await box.fill('');
  await box.pressSequentially('@fi');
  const list = page.getByRole('listbox');
  await list.getByRole('option', { name: 'E2E finance' }).waitFor();
  await shot(page, 'calling');
  // Down to her, and Enter takes her; it does not send.
  const options = await list.getByRole('option').allInnerTexts();
  for (let at = 0; at < options.findIndex((one) => one.includes('E2E finance')); at += 1)
    await box.press('ArrowDown');
  await box.press('Enter');
  assert.equal(await box.inputValue(), '@E2E finance ');
  const words = lang === 'en' ? 'the customer pays on Friday, may it go?' : '客户周五付款，能发吗？';
  await box.pressSequentially(words);
  await box.press('Control+Enter');
  await page.locator('.timeline .comment .said', { hasText: words }).waitFor();
  assert.equal(await box.inputValue(), '');
  const said = (await ask(page, `orders/${order.id}/comments`)).rows;
  assert.deepEqual(said.map((one) => one.text), [`@{${mei.id}} ${words}`]);
  // She hears of it without asking anew, opens the order from there, and answers on her phone.
  await hers.page.locator('.inbox-btn .badge').waitFor();
  await hers.page.goto(`${server.url}/inbox`);
  const note = hers.page.locator('.inbox li.new', { hasText: words });
  await note.waitFor();
  await shot(hers.page, 'inbox');
  await note.getByRole('link').click();
  await settled(hers.page);
  const answer = hers.page.getByRole('textbox', { name: w.t('comment-new') });
  await answer.fill('OK');
  await button(hers.page, w.t('comment-send')).click();
  await hers.page.locator('.timeline .comment .said', { hasText: 'OK' }).waitFor();
  await shot(hers.page, 'phone');
  // Whoever was called may be read by nobody else in words: a keeper is called for one thing only.
  await page.locator('.timeline .comment .said', { hasText: 'OK' }).waitFor();
  await change(story, page, box, said[0]);
  await tasks(story, { order, mei, keeper, theirs: hers.page, shot });
  assert.deepEqual(hers.problems, []);
  await hers.close();
});

/** One's own comment is changed, and a refused one keeps what was typed. */
async function change({ w, server, browser, lang }, page, box, first) {
  await page.getByRole('button', { name: w.t('comment-change') }).last().click();
  const edited = page.getByRole('textbox', { name: w.t('comment-change') });
  assert.match(await edited.inputValue(), /^@E2E finance /);
  await edited.press('End');
  await edited.pressSequentially(' !!');
  await edited.press('Control+Enter');
  await page.locator('.comment', { hasText: '!!' }).waitFor();
  await page.locator('.comment small', { hasText: w.t('comment-changed') }).waitFor();
  assert.ok(first.id);
  // The line is down: what was typed stays, and says why.
  await page.context().setOffline(true);
  await box.fill('lost');
  await button(page, w.t('comment-send')).click();
  await page.locator('.comment-box .note.bad').waitFor();
  assert.equal(await box.inputValue(), 'lost');
  await page.context().setOffline(false);
  await button(page, w.t('comment-send')).click();
  await page.locator('.comment .said', { hasText: 'lost' }).waitFor();
  // The answer is lost, not the comment: sent again it is there once.
  let dropped = false;
  await page.route('**/comments', async (route) => {
    if (dropped || route.request().method() !== 'POST') return route.fallback();
    dropped = true;
    await route.fetch();
    await route.abort();
  });
  await box.fill('twice');
  await button(page, w.t('comment-send')).click();
  await page.locator('.comment-box .note.bad').waitFor();
  await button(page, w.t('comment-send')).click();
  await page.locator('.comment .said', { hasText: 'twice' }).waitFor();
  const order = page.url().split('/').pop();
  const same = (await ask(page, `orders/${order}/comments`)).rows.filter((one) => one.text === 'twice');
  assert.equal(same.length, 1);
  const lost = page.locator('.comment', { hasText: 'lost' });
  await lost.getByRole('button', { name: w.t('comment-withdraw') }).click();
  await page.locator('.comment', { hasText: w.t('comment-withdrawn') }).waitFor();
  assert.equal(await page.locator('.comment .said', { hasText: 'lost' }).count(), 0);
  assert.ok(server && browser && lang);
}

/** A task for her, late by a day; she does it from her inbox, and it is told where it was asked. */
async function tasks({ page, w, server, lang }, { order, mei, keeper, theirs, shot }) {
  await button(page, w.t('task-new')).click();
  const title = lang === 'en' ? 'Ask for the bank slip' : '请客户提供银行回单';
  await input(page, w.field('task', 'title')).fill(title);
  const whom = input(page, w.field('task', 'for_user'));
  await whom.click();
  await whom.fill('fin');
  await page.getByRole('option', { name: 'E2E finance' }).waitFor();
  await whom.press('Enter');
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await input(page, w.field('task', 'due')).fill(yesterday);
  await shot(page, 'new-task');
  await button(page, w.t('task-ask')).click();
  await page.locator('.tasks li', { hasText: title }).locator('.late').waitFor();
  await page.locator('.comment-box').first().scrollIntoViewIfNeeded();
  await shot(page, 'order');
  // At home it stands first among what to do next; from the inbox it is done.
  await theirs.goto(server.url);
  await theirs.locator('.next .late').waitFor();
  await shot(theirs, 'home');
  await theirs.locator('.next a', { hasText: w.t('next-tasks-late', { count: 1 }) }).click();
  const mine = theirs.locator('.tasks li', { hasText: title });
  await mine.waitFor();
  await shot(theirs, 'inbox-task');
  await mine.getByRole('button', { name: `${w.verb('task', 'complete')}: ${title}` }).click();
  await mine.waitFor({ state: 'detached' });
  await page.locator('.tasks li.ended', { hasText: title }).waitFor();
  // Whoever may not read the order is refused by name, here by the program itself.
  const refused = await post(page, `orders/${order.id}/tasks`, { title, for_user: '17' });
  assert.equal(refused.code, 'task.person_unknown');
  assert.ok(mei.id && keeper.id);
  await page.goto(`${server.url}/tasks`);
  await settled(page);
  await shot(page, 'list');
}
