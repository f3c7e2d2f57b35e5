// Which story proves which screen made by hand. `hand-made.spec.mjs` reads the screens from the
// program's routes and registry: a new one without a line here fails.
const lead = ['lead-to-cash', 'a lead becomes an order and cash'];
const work = (title) => ['work', title];
const company = (title) => ['company', title];

export const STORIES = {
  'home.tsx': work('home: the river'),
  'desk.tsx': work('the order desk'),
  'pick.tsx': ['behaviour', 'goods leave in part'],
  'billing.tsx': work('billing: what was delivered'),
  'matching.tsx': work('matching: a suggestion'),
  'ledger.tsx': work('the books: an account'),
  'customer.tsx': work('customer 360'),
  'receipt-form.tsx': work('goods in: a warehouse'),
  'return-form.tsx': work('goods come back'),
  'opportunity-top.tsx': work('an opportunity shows its way'),
  'approval-top.tsx': work('an approval says'),
  'order-editor.tsx': ['behaviour', 'lines are entered by keyboard'],
  'order-top.tsx': lead,
  'chain.tsx': lead,
  'payment-form.tsx': lead,
  'board.tsx': ['behaviour', 'a card moves by its menu'],
  'calendar.tsx': ['office', 'table, board and calendar'],
  'change-form.tsx': ['change-orders', 'a confirmed order is changed by a document'],
  'statement-run.tsx': ['statements', 'a month is agreed'],
  'statement-top.tsx': ['statements', 'a month is agreed'],
  'print.tsx': ['office', 'documents are pages of their paper'],
  'import.tsx': ['office', 'customers come in from a table'],
  'settings.tsx': ['office', 'what stands on paper is set once'],
  'trail.tsx': ['office', 'what stands on paper is set once'],
  'user.tsx': company('a person is let in by a link'),
  'link.tsx': company('a person is let in by a link'),
  'sign-in.tsx': company('a person is let in by a link'),
  'me.tsx': company('a key is shown once'),
  'rights.tsx': company('a role is made'),
  'webhook-top.tsx': company('a webhook needs an address'),
  'inbox.tsx': company('the inbox: read and unread'),
  'own-fields.tsx': company('a field of one’s own'),
  'audit.tsx': company('the auditor sees'),
  'process.tsx': company('the process: the map'),
  'process-lost.tsx': company('lost time is ranked'),
  'process-figures.tsx': company('figures: a target'),
};
