// A company of which everything is as long as it may be: names of sixty characters and more, amounts
// of ten to thirteen digits, an order of 200 lines. Made by the API's own commands.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';
import { ask, colleague, post } from './steps.mjs';

const NAMES = {
  company: '宁波沐和五金电气与智能装备制造（集团）股份有限公司长三角一体化示范区杭州湾新区精密零部件与供应链服务分公司',
  person: '阿卜杜勒拉赫曼·穆罕默德·艾合买提江·买买提明·古丽巴哈尔·努尔艾力·阿不都热合曼·图尔荪江·伊敏·吐尔逊·卡地尔·麦麦提',
  customer:
    '新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿图什市天山南麓国际商贸物流与边境经济合作区综合保税供应链管理有限责任公司（原克州外贸总公司）',
  english:
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft International Holdings (Asia-Pacific) Private Limited',
  product:
    '高强度耐腐蚀双面热镀锌铬钼合金钢外六角法兰面带齿防松自锁重型结构螺栓螺母垫圈三组合套装（含达克罗涂层与出厂检验报告及第三方盐雾试验证书）',
  spec: 'M36×450-12.9级-GB/T 5783-2016-DACROMET-500h-SALT-SPRAY-TESTED-ROHS-REACH',
  deal: '二〇二六年度长三角地区轨道交通车辆检修基地与城际铁路沿线站房照明及配电改造工程集中采购框架协议（第三标段）',
  address:
    '新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿图什市天山南麓国际商贸物流园区北三路与东四街交叉口综合保税仓库第十二号楼B座三层307-315室（请从北门进入）',
  reason: '客户现场复检时发现表面涂层厚度不足且批次号与随货检验报告不一致，经双方质量部门联合确认后同意按原价退回并重新补发同规格合格品',
};

/** Ten digits before the point: the most that people write on one line. */
const MOST = '9999999999.99';

/** A command's answer; what is refused here is a fault of this file. */
async function done(page, path, body) {
  const answer = await post(page, path, body);
  assert.ok(answer.id ?? answer.done ?? answer.version, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}
async function change(page, path, body) {
  const { version } = await ask(page, path);
  const answer = await page.evaluate(
    ([p, v, b]) =>
      fetch(`/api/v1/${p}`, {
        method: 'PATCH',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': crypto.randomUUID(),
          'If-Match': `"${v}"`,
        },
        body: JSON.stringify(b),
      }).then((r) => r.json()),
    [path, version, body],
  );
  assert.ok(answer.id, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}
const first = async (page, path) => (await ask(page, path)).rows[0];

async function masters(page, another) {
  const me = await ask(page, 'me');
  await done(page, `companies/${me.company.id}/change`, {
    name: NAMES.company,
    address: NAMES.address,
    phone: '+86-0574-8888-6666-8888',
    bank: '中国工商银行股份有限公司宁波杭州湾新区支行营业部',
    bank_account: '3901 1234 5678 9012 3456 789',
  });
  await done(page, `users/${me.user.id}/change`, { name: NAMES.person });
  // A customer with a past gets the long name, so that there is something to state and to draw.
  const owed = await first(page, 'invoices?filter=state:eq:posted&filter=open:gt:0&fields=party&limit=1');
  const customer = await change(page, `parties/${owed.party}`, { name: NAMES.customer, tax_id: '91650000MA7ABCDE10' });
  await done(page, `parties/${customer.id}/set_credit_limit`, {
    limit: '9999999999999.99',
    reason: '年度框架采购合同约定的最高授信额度，须经总经理办公会批准后方可执行',
  });
  const asked = await first(page, `credit_changes?filter=party:eq:${customer.id}&filter=state:eq:asked`);
  // Without a limit before, the first one holds at once.
  if (asked) await done(another, `credit_changes/${asked.id}/approve`, {});
  const english = await done(page, 'parties', {
    name: NAMES.english,
    code: 'WIDE-CUSTOMER-0000000000000002',
    is_customer: true,
    terms_code: 'M30',
  });
  const product = await done(page, 'products', {
    code: 'WIDE-PRODUCT-M36-450-129-DACROMET-01',
    name: NAMES.product,
    spec: NAMES.spec,
    kind: 'goods',
    unit: '套',
    tax_code: 'VAT13',
    list_price: MOST,
  });
  return { me, customer, english, product };
}

async function stocked(page, product) {
  const { rows } = await ask(
    page,
    'products?limit=199&fields=code,list_price&filter=active:eq:true&filter=kind:eq:goods&count=no',
  );
  const others = rows.filter((row) => row.id !== product.id);
  const house = await first(page, 'warehouses?limit=1');
  const all = [product, ...others];
  await done(page, 'receipts', {
    kind: 'other_in',
    warehouse: house.id,
    reason: NAMES.reason,
    lines: all.map(({ id }, at) => ({
      product: id,
      qty: '4000',
      value: at === 0 ? '7777777777.77' : '4000',
    })),
  });
  return others;
}

async function confirmed(page, order) {
  await done(page, `orders/${order.id}/submit`, {});
  for (const hold of (await ask(page, `holds?filter=subject:eq:${order.id}&filter=open:eq:1`)).rows)
    await done(page, `holds/${hold.id}/release`, { reason: NAMES.reason });
}

const day = (from, by) => new Date(Date.parse(from) + by * 86_400_000).toISOString().slice(0, 10);

/** Orders in every standing: of 200 lines and billed, open, a draft, several ready to be billed. */
async function orders(page, { me, customer, english, product }, others) {
  const ordered = (party, lines, po) =>
    done(page, 'orders', {
      party: party.id,
      ship_to: NAMES.address,
      customer_po_no: po,
      requested_on: day(me.today, 400),
      lines,
    });
  const dear = (qty) => ({ product: product.id, qty, price: MOST });
  const small = others.slice(0, 198).map(({ id }) => ({ product: id, qty: '2', price: '1234.567891' }));
  const long = await ordered(customer, [dear('1'), dear('1'), ...small], 'PO-2026-'.padEnd(60, '0'));
  await confirmed(page, long);
  await shipped(page, long);
  const invoice = await done(page, `orders/${long.id}/bill`, {});
  await done(page, `invoices/${invoice.id}/post`, {});
  const open = await ordered(customer, [dear('8')], 'PO-2026-OPEN');
  await confirmed(page, open);
  const draft = await ordered(
    english,
    [dear('1'), { product: others[0].id, qty: '1234567.891234', price: '0.000001' }],
    'PO-2026-DRAFT',
  );
  const ready = [];
  for (const po of ['PO-READY-1', 'PO-READY-2', 'PO-READY-3']) {
    const order = await ordered(customer, [dear('2')], po);
    await confirmed(page, order);
    await shipped(page, order);
    ready.push(order);
  }
  const bill = { lines: ready.slice(0, 2).map(({ id }) => ({ order: id })) };
  const several = await done(page, 'invoices', bill);
  await done(page, `invoices/${several.id}/post`, {});
  return { long, open, draft, invoice, several };
}

/** Goods that come back: asked for by one person, let back by another, credited. */
async function credited(page, another, order) {
  const { order_lines: lines } = await ask(page, `orders/${order.id}?lines=yes`);
  const back = await done(page, 'returns', {
    order: order.id,
    reason: NAMES.reason,
    fault: 'us',
    lines: [{ id: lines[1].id, qty: '1' }],
  });
  await done(another, `returns/${back.id}/approve`, {});
  await done(another, `returns/${back.id}/receive`, {});
  await done(another, `returns/${back.id}/settle`, {});
  return back;
}

async function papers(page, { me, customer, product }, { invoice, open }) {
  const yesterday = day(me.today, -1);
  const paid = (amount, value_day, lines) =>
    done(page, 'payments', {
      party: customer.id, amount, value_day, method: 'transfer', reference: NAMES.reason, lines,
    });
  const part = [{ invoice: invoice.id, amount: '7777777777.77' }];
  const payment = await paid('8888888888.88', me.today, part);
  await paid('99999999999.99', yesterday, []);
  const refund = await done(page, 'refunds', {
    payment: payment.id, amount: '1111111111.11', method: 'transfer', reason: NAMES.reason,
  });
  const changed = await done(page, 'change_orders', {
    order: open.id,
    asked_by: 'customer',
    reason: NAMES.reason,
    evidence: NAMES.reason,
    lines: [{ line_no: 1, qty: '7', price: MOST }],
  });
  const dear = { product: product.id, qty: '8', price: MOST };
  const quote = await done(page, 'quotes', { party: customer.id, lines: [dear, dear] });
  for (const amount of [MOST, '8888888888.88'])
    await done(page, 'opportunities', {
      name: NAMES.deal, amount, party: customer.id, close_expected: me.today,
    });
  await done(page, 'leads', {
    name: NAMES.person,
    phone: '+86 138-0013-8000 转 88888',
    company_name: NAMES.customer,
    est_amount: MOST,
    need: NAMES.reason,
    region: NAMES.address.slice(0, 60),
  });
  const statement = await done(page, 'statements', { party: customer.id, period_until: yesterday });
  return { payment, refund, changed, quote, statement };
}

/** An order as far as its goods have been signed for. */
async function shipped(page, order) {
  const shipment = await first(page, `shipments?filter=order_id:eq:${order.id}&limit=1`);
  await done(page, `shipments/${shipment.id}/pick`, {});
  await done(page, `shipments/${shipment.id}/ship`, {
    carrier: '德邦快递股份有限公司新疆分公司',
    tracking: 'DPK'.padEnd(30, '0'),
  });
  await done(page, `shipments/${shipment.id}/deliver`, { signed_by: NAMES.person });
}

/**
 * Makes all of it and gives the addresses to look at, as `places` does. `enter` opens a page for
 * the person that a link lets in.
 */
export async function widePlaces(page, enter) {
  const { close, page: another } = await enter((await colleague(page, 'admin')).path);
  const known = await masters(page, another);
  const others = await stocked(page, known.product);
  const made = await orders(page, known, others);
  const back = await credited(page, another, made.long);
  await close();
  const { payment, refund, changed, quote, statement } = await papers(page, known, made);
  const { customer, english, product } = known;
  const { long, open, draft, invoice, several } = made;
  const note = await first(page, `invoices?filter=kind:eq:credit&filter=order_id:eq:${long.id}&limit=1`);
  const shipment = await first(page, `shipments?filter=order_id:eq:${long.id}&limit=1`);
  const entry = await first(page, 'entries?sort=-id&limit=1');
  const sheet = (kind) => async (p) => void (await p.locator(kind).first().waitFor());
  /** An editor with a draft that somebody left on this device. */
  const typed = async (p) => {
    const lines = [1, 2].map(() => ({ product: product.id, qty: '8', price: MOST, discount: '1000000.01' }));
    const kept = {
      party: customer.id, opportunity: '', day: '2027-12-31', ship_to: NAMES.address,
      customer_po_no: 'PO-2026-'.padEnd(60, '0'), lines,
    };
    await p.evaluate((d) => localStorage.setItem('hl.draft.order...', d), JSON.stringify(kept));
    await p.reload();
    await p.locator('.linegrid, table').first().waitFor();
    await settled(p);
    await p.evaluate(() => localStorage.removeItem('hl.draft.order...'));
  };
  const looked = async (p) => {
    await p.locator('form button[type=submit]').click();
    await p.locator('table.statement, main .note').first().waitFor();
  };
  return [
    ['wide home', '/'],
    ['wide orders', '/orders?sort=-id'],
    ['wide orders groups', '/orders?by=party'],
    ['wide order', `/orders/${long.id}`],
    ['wide order open', `/orders/${open.id}`],
    ['wide order draft', `/orders/${draft.id}`],
    ['wide chain', `/orders/${long.id}/chain`],
    ['wide new order', '/orders/new', typed],
    ['wide print order', `/orders/${long.id}/print`, sheet('.paper')],
    ['wide print quote', `/quotes/${quote.id}/print`, sheet('.paper')],
    ['wide print slip', `/shipments/${shipment.id}/print`, sheet('.paper')],
    ['wide print invoice', `/invoices/${several.id}/print`, sheet('.paper')],
    ['wide print statement', `/statements/${statement.id}/print`, sheet('.paper')],
    ['wide quote', `/quotes/${quote.id}`],
    ['wide invoice', `/invoices/${invoice.id}`],
    ['wide invoice several', `/invoices/${several.id}`],
    ['wide credit note', `/invoices/${note.id}`],
    ['wide invoices', '/invoices?sort=-id'],
    ['wide customer', `/parties/${customer.id}`],
    ['wide customer english', `/parties/${english.id}`],
    ['wide customers', '/parties?sort=-id'],
    ['wide product', `/products/${product.id}`],
    ['wide products', '/products?sort=-id'],
    ['wide matching', '/matching'],
    ['wide payment', `/payments/${payment.id}`],
    ['wide new payment', `/payments/new?party=${customer.id}`],
    ['wide refund', `/refunds/${refund.id}`],
    ['wide new refund', `/refunds/new?party=${customer.id}`],
    ['wide return', `/returns/${back.id}`],
    ['wide change order', `/change_orders/${changed.id}`],
    ['wide new change order', `/change_orders/new?order=${draft.id}`],
    ['wide statement', `/statements/${statement.id}`],
    ['wide new statements', '/statements/new', looked],
    ['wide bill several', `/invoices/new?party=${customer.id}`],
    ['wide billing', '/billing'],
    ['wide shipment', `/shipments/${shipment.id}`],
    ['wide pick', '/pick'],
    ['wide desk', '/desk'],
    ['wide leads board', '/leads?view=board'],
    ['wide opportunities board', '/opportunities?view=board'],
    ['wide opportunities calendar', `/opportunities?view=calendar&month=${known.me.today.slice(0, 7)}`],
    ['wide ledger', '/ledger'],
    ['wide entry', `/entries/${entry.id}`],
    ['wide process', '/process'],
    ['wide lost time', '/lost'],
    ['wide figures', '/figures'],
    ['wide figures tree', '/figures?look=tree'],
    ['wide inbox', '/inbox'],
    ['wide trail', '/trail'],
    ['wide settings', '/settings'],
    ['wide rights', '/rights'],
    ['wide me', '/me'],
  ];
}
