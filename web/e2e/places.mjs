// Every screen of the app on the demo company: what it is called, its address, what to do there.
import { ask, post } from './steps.mjs';

async function first(page, collection, ...filter) {
  const query = new URLSearchParams([
    ['limit', '1'],
    ['count', 'no'],
    ...filter.map((f) => ['filter', f]),
  ]);
  const answer = await ask(page, `${collection}?${query}`);
  return answer.rows?.[0]?.id;
}

/** The addresses, for a page that is signed in. */
export async function places(page) {
  const id = (collection, ...filter) => first(page, collection, ...filter);
  const order = await id('orders', 'state:eq:closed', 'quote:gt:0');
  const held = await id('orders', 'holds:gt:0');
  const open = await id('orders', 'state:eq:confirmed', 'fulfilment:eq:none');
  const customer = (
    await ask(page, 'invoices?filter=state:eq:posted&filter=open:gt:0&fields=party&limit=1')
  ).rows[0].party;
  const openMenu = async (p) => {
    await p.locator('.user-btn').click();
    await p.locator('.menu').waitFor();
  };
  const openPalette = async (p) => {
    await p.locator('.search-btn').click();
    await p.locator('.cmd input').fill('SO-2026');
    await p.locator('.cmd [cmdk-item]').first().waitFor();
  };
  const detail = async (collection, ...filter) => [
    `${collection} detail`,
    `/${collection}/${await id(collection, ...filter)}`,
  ];
  const chooseWrong = async (p) => {
    const text = '客户编码,客户名称,联系电话\nK-1,杭州恒远机电有限公司,0571-88990011\n,无编码,1\n';
    const file = { name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
    await p.locator('input[type=file]').setInputFiles(file);
    await p.locator('section:has(table) header .btn.primary').click();
    await p.locator('.wrong input').waitFor();
  };
  // A log of another system, its map in motion, and the cases behind its first path.
  const addLog = async (p) => {
    const rows = ['case,activity,time'];
    for (const [at, step] of ['Enter', 'Check', 'Ship'].entries())
      for (const nth of [1, 2]) rows.push(`A-${nth},${step},2026-03-0${at + nth} 09:00`);
    const file = { name: 'other.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) };
    await p.locator('.logs input[type=file]').setInputFiles(file);
    await p.locator('.logs form').waitFor();
    // On a phone the map is a list, and nothing in it moves.
    await p.locator('.map .step, .map-steps .what', { hasText: 'Enter' }).waitFor();
    if (await p.locator('.map-bar .chip').isVisible()) {
      await p.locator('.map-bar .chip').click();
      await p.locator('.map .flow').first().waitFor({ state: 'attached' });
    }
    await p.locator('table .linkish', { hasText: 'Enter → Check' }).click();
    await p.locator('td', { hasText: 'A-1' }).waitFor();
  };
  const setTarget = async (p) => {
    await p.locator('form input[inputmode=decimal]').fill('91.5');
    await p.locator('form:has(input[inputmode=decimal]) button[type=submit]').click();
    await p.locator('tr[data-on] td', { hasText: '91.5' }).waitFor();
  };
  const openFirst = async (p) => {
    await p.locator('.shipment .open').first().click();
    await p.locator('.pick-lines').first().waitFor();
  };
  const openFields = async (p) => {
    await p.locator('.matrix tr', { hasText: /^(销售订单|Sales orders)/ }).locator('.btn').first().click();
    await p.locator('[role=dialog] tbody tr').first().waitFor();
  };
  const openReceivables = async (p) => {
    await p.locator('td .linkish', { hasText: '1122' }).first().click();
    await p.locator('.waterfall').last().waitFor();
  };
  const openKey = async (p) => {
    await p.locator('section header .btn').first().click();
    await p.locator('#key-form').waitFor();
  };
  // What a customer got and paid until yesterday; asking again gives the same one.
  const { today } = await ask(page, 'me');
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  const statement = (await post(page, 'statements', { party: customer, period_until: yesterday })).id;
  // An order that is talked about, with a task that is late and one that is done.
  const talked = held;
  const me = (await ask(page, 'me')).user.id;
  await post(page, `orders/${talked}/comments`, { text: `@{${me}} 客户周五付款，能发吗？` });
  const wish = { for_user: me, kind: 'call', details: '先对账，再付款' };
  const due = yesterday;
  const task = (await post(page, `orders/${talked}/tasks`, { ...wish, title: '请客户寄回签收单', due })).id;
  const done = await post(page, `orders/${talked}/tasks`, { ...wish, title: '确认收货地址' });
  await post(page, `tasks/${done.id}/complete`, { outcome: '地址没有变' });
  const callSomebody = async (p) => {
    await p.locator('.tasks .late').waitFor();
    await p.locator('.tasks').locator('xpath=ancestor::section').locator('header button').click();
    const box = p.locator('.comment-box textarea');
    await box.fill('');
    await box.pressSequentially('@');
    await p.locator('.comment-box [role=option]').first().waitFor();
  };
  const lookAtRun = async (p) => {
    await p.locator('form button[type=submit]').click();
    await p.locator('table.statement, main .note').first().waitFor();
  };
  return [
    ['home', '/'],
    ['leads', '/leads'],
    ['leads board', '/leads?view=board'],
    ['leads funnel', '/leads?view=funnel'],
    ['pool', '/pool'],
    ['pool mine', '/pool?look=mine'],
    ['opportunities board', '/opportunities?view=board'],
    ['opportunities calendar', '/opportunities?view=calendar&month=2026-03'],
    ['orders', '/orders'],
    [
      'orders filtered',
      '/orders?filter=state:in:confirmed,closed&filter=gross:gt:1000&sort=-gross',
    ],
    ['orders empty', '/orders?q=nothing-is-called-so'],
    ['order', `/orders/${order}`],
    ['order held', `/orders/${held}`],
    ['chain', `/orders/${order}/chain`],
    ['change orders', '/change_orders'],
    ['change order new', `/change_orders/new?order=${open}`],
    ['print order', `/orders/${order}/print`],
    ['print slip', `/shipments/${await id('shipments', 'state:eq:delivered')}/print`],
    ['new order', '/orders/new'],
    ['new quotation', '/quotes/new'],
    ['new lead', '/leads/new'],
    ['customer', `/parties/${customer}`],
    ['new customer', '/parties/new'],
    await detail('leads', 'state:eq:converted'),
    await detail('opportunities'),
    await detail('quotes'),
    await detail('shipments'),
    await detail('invoices'),
    await detail('payments'),
    await detail('products'),
    await detail('entries'),
    await detail('users'),
    await detail('roles'),
    ['desk', '/desk'],
    ['approvals', '/approvals'],
    ['pick', '/pick'],
    ['pick open', '/pick', openFirst],
    ['billing', '/billing'],
    ['bill several', '/invoices/new'],
    ['refunds', '/refunds'],
    ['changes of credit', '/credit_changes'],
    ['new refund', `/refunds/new?party=${customer}`],
    ['statements', '/statements'],
    ['statement', `/statements/${statement}`],
    ['new statements', '/statements/new', lookAtRun],
    ['print statement', `/statements/${statement}/print`],
    ['matching', '/matching'],
    ['new payment', '/payments/new'],
    ['new receipt', '/receipts/new'],
    ['new return', '/returns/new'],
    ['ledger', '/ledger?from=2026-01-01'],
    ['ledger account', '/ledger?from=2026-01-01', openReceivables],
    ['figures', '/figures'],
    ['figures tree', '/figures?look=tree'],
    ['scorecards', '/scorecards'],
    ['figures control', '/figures?kpi=otif&grain=week'],
    ['figures drill', '/figures?kpi=otif&dimension=grade'],
    ['figures target', '/figures?kpi=otif', setTarget],
    ['lost time', '/lost'],
    ['process', '/process'],
    ['process variants', '/process?look=variants'],
    ['process compare', '/process?look=compare'],
    ['process people', '/process?look=people'],
    ['process slice', '/process?dimension=field.terms_code&value=N30'],
    ['process log', '/process', addLog],
    ['rights', '/rights'],
    ['rights fields', '/rights', openFields],
    ['audit', '/audit'],
    ['duty rules', '/duty_rules'],
    ['settings', '/settings'],
    ['trail', '/trail?kind=order'],
    ['import', '/import'],
    ['import wrong', '/import', chooseWrong],
    ['own fields', '/own-fields'],
    ['orders by a tree', '/orders?where=' + encodeURIComponent(JSON.stringify({ or: [['state', 'eq', 'draft'], ['party.name', 'contains', '宁波']] }))],
    ['orders in groups', '/orders?by=state'],
    ['inbox', '/inbox'],
    ['order talk', `/orders/${talked}`, callSomebody],
    ['tasks', '/tasks'],
    ['task', `/tasks/${task}`],
    ['new task', '/tasks/new'],
    ['jobs', '/jobs'],
    ['schedules', '/schedules'],
    ['new webhook', '/webhooks/new'],
    ['me', '/me'],
    ['me key', '/me', openKey],
    ['lost', '/nothing/here'],
    ['user menu', '/', openMenu],
    ['palette', '/', openPalette],
  ];
}
