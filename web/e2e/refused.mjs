// What people see when something does not go: refused fields, a lost line, a fault of the program,
// somebody who was first, a row that is not there, a right that is missing.
import { settled } from './browser.mjs';
import { ask, colleague } from './steps.mjs';

const FAULT = { type: 'about:blank', code: 'bug.unforeseen', status: 500 };
const FAULTS = { zh: '程序出错了，什么都没有保存。', en: 'The program failed; nothing was saved.' };
const faultFor = (request) => {
  const lang = (request.headers()['accept-language'] ?? '').startsWith('en') ? 'en' : 'zh';
  return JSON.stringify({ ...FAULT, title: FAULTS[lang] });
};

/** As `places`: name, address, what is done there; then what comes before, and for whom. */
export async function refusedPlaces(page) {
  const first = async (path) => (await ask(page, path)).rows[0];
  const order = await first('orders?limit=1&filter=state:eq:confirmed&sort=-id');
  const party = await first('parties?limit=1&filter=is_customer:eq:true');
  const product = await first('products?limit=1&filter=kind:eq:goods&filter=active:eq:true');
  const packer = await colleague(page, 'warehouse');
  const api = (what) => `**/api/v1/${what}`;
  const lost = (what) => (p) => p.route(api(what), (route) => route.abort());
  const fault = (what) => (p) =>
    p.route(api(what), (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: faultFor(route.request()),
      }),
    );
  const sent = async (p) => {
    await p.locator('form button[type=submit]').last().click();
    await p.locator('[aria-invalid=true], .note.bad, .toast.bad').first().waitFor();
  };
  const drafted = (name, draft) => async (p) => {
    await p.evaluate(([n, d]) => localStorage.setItem(`hl.draft.${n}`, d), [name, JSON.stringify(draft)]);
    await p.reload();
    await settled(p);
    await p.locator('.note.bad, [aria-invalid=true], .wrong').first().waitFor();
    await p.evaluate((n) => localStorage.removeItem(`hl.draft.${n}`), name);
  };
  const tooMuch = {
    party: party.id, opportunity: '', day: '2027-12-31', ship_to: '', customer_po_no: '',
    lines: [{ product: product.id, qty: '99999999', price: '9999999999' }],
  };
  const contactless = async (p) => {
    await p.locator('form input').first().fill('张三');
    await sent(p);
  };
  const overMuch = async (p) => {
    await p.locator('form input.num').first().fill('999999999999999');
    await sent(p);
  };
  const wrongTaxId = async (p) => {
    await p.locator('form input').nth(0).fill('C-WRONG');
    await p.locator('form input').nth(1).fill('宁波恒远');
    const tax = p.getByLabel(/^(税号|Tax)/).first();
    await tax.fill('91650000MA7ABCDE19');
    await sent(p);
  };
  // Somebody else changes the same row between the opening of a form and its sending.
  const somebodyFirst = async (p) => {
    await p.locator('.head .btn', { hasText: /^(编辑|修改|Edit)/ }).first().click();
    const note = p.locator('form textarea').first();
    await note.fill('从这里写的备注');
    const row = await ask(p, `parties/${party.id}`);
    await p.evaluate(
      ([id, v]) =>
        fetch(`/api/v1/parties/${id}`, {
          method: 'PATCH',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), 'If-Match': `"${v}"` },
          body: JSON.stringify({ note: `别人先写的备注 ${v}` }),
        }),
      [party.id, row.version],
    );
    await p.locator('form button[type=submit]').first().click();
    await p.locator('.note.warn, .note.bad, .conflict').first().waitFor();
  };
  const cut = async (p) => {
    await p.locator('form input').first().fill('x');
    await p.context().setOffline(true);
    await p.locator('form button[type=submit]').last().click();
    await p.locator('.note.bad, .toast.bad, [role=status]').first().waitFor();
  };
  const back = async (p) => p.context().setOffline(false);
  return [
    ['refused unknown address', '/nothing/here'],
    ['refused unknown record', '/orders/1'],
    ['refused unknown print', '/invoices/1/print'],
    ['refused unknown chain', '/orders/1/chain'],
    ['refused offline list', '/orders', undefined, lost('orders?*')],
    ['refused offline home', '/', undefined, lost('river*')],
    ['refused fault list', '/orders', undefined, fault('orders?*')],
    ['refused fault order', `/orders/${order.id}`, undefined, fault(`orders/${order.id}*`)],
    ['refused fault matching', '/matching', undefined, fault('payments?*')],
    ['refused fault figures', '/figures', undefined, fault('kpis*')],
    ['refused fault process', '/process', undefined, fault('process/map*')],
    ['refused fault lost time', '/lost', undefined, fault('process/findings*')],
    ['refused form tax id', '/parties/new', wrongTaxId],
    ['refused form payment', `/payments/new?party=${party.id}`, overMuch],
    ['refused form line', '/orders/new', drafted('order...', tooMuch)],
    ['refused form lead', '/leads/new', contactless],
    ['refused conflict', `/parties/${party.id}`, somebodyFirst],
    ['refused line down', '/leads/new', cut, undefined, undefined, back],
    ['refused right home', '/', undefined, undefined, packer.path],
    ['refused right payments', '/payments', undefined, undefined, packer.path],
    ['refused right ledger', '/ledger', undefined, undefined, packer.path],
    ['refused right rights', '/rights', undefined, undefined, packer.path],
    ['refused right order', `/orders/${order.id}`, undefined, undefined, packer.path],
    ['refused right invoice', '/invoices/new', undefined, undefined, packer.path],
  ];
}
