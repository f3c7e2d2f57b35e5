// What stands on paper: a document with its lines, the company that sends it, who gets it.
import { useQuery } from '@tanstack/react-query';
import { type Row, get, list } from '../api/client.ts';
import { useMe } from '../lib/session.tsx';

export type Form = 'a4' | 'slip140' | 'slip93';
export type Kind = 'quote' | 'order' | 'invoice' | 'shipment' | 'statement';
/** Which documents have a page, and on which paper. */
export const FORMS: Record<Kind, Form[]> = {
  quote: ['a4'],
  order: ['a4'],
  invoice: ['a4'],
  statement: ['a4'],
  shipment: ['slip140', 'slip93', 'a4'],
};
/** Lines of a page at most; fewer where they are high. */
export const LINES: Record<Form, number> = { a4: 20, slip140: 9, slip93: 4 };
export const isPrinted = (entity: string): entity is Kind => entity in FORMS;

export type Line = {
  code: string;
  name: string;
  spec: string;
  unit: string;
  qty: string;
  price: string;
  rate: string;
  net: string;
  tax: string;
  gross: string;
  /** Of a statement's line: day, kind and number of what it stands for. */
  day: string;
  kind: string;
  number: string;
  /** The order that an invoice's line is of; empty where the invoice is over one order alone. */
  order: string;
};
export type Paper = {
  row: Row;
  company: Row;
  party: Row | undefined;
  lines: Line[];
  /** What an invoice is over. */
  orders: OrderOf[];
};
/** An order of an invoice, with the ids of the invoice's lines that are of it. */
export type OrderOf = { id: string; number: string; customer_po_no: string; lines: string[] };

export const ordersOf = (invoice: string): Promise<OrderOf[]> =>
  get<{ rows: OrderOf[] }>(`invoices/${invoice}/orders`).then((answer) => answer.rows);

/** What people call an order of an invoice: its number, and the customer's own. */
export const calledOf = (order: OrderOf): string =>
  [order.number, order.customer_po_no].filter(Boolean).join(' · ');

/** What may be missing for this reader is left out, never the whole page. */
const maybe = (path: string): Promise<Row | undefined> => get(path).catch(() => undefined);

export function usePaper(kind: Kind, collection: string, id: string) {
  const me = useMe();
  return useQuery({
    queryKey: ['print', kind, id],
    queryFn: async (): Promise<Paper> => {
      const row = await get(`${collection}/${id}`, { lines: 'yes' });
      const lines = (row[`${kind}_lines`] as Row[] | undefined) ?? [];
      const named = lines.filter((line) => line['product']);
      const ids = [...new Set(named.map((line) => String(line['product'])))];
      const [company, party, products, orders] = await Promise.all([
        get(`companies/${String(row['company'] ?? me.company.id)}`),
        maybe(`parties/${String(row['party'])}`),
        productsOf(ids),
        kind === 'invoice' ? ordersOf(id).catch(() => []) : [],
      ]);
      const of = (line: Row): string => {
        const order = orders.length > 1 && orders.find((o) => o.lines.includes(line.id));
        return order ? calledOf(order) : '';
      };
      const shown = lines.map((line) => ({ ...lineOf(line, products), order: of(line) }));
      return { row, company, party, lines: shown, orders };
    },
  });
}

const PAGE = 200;
async function productsOf(ids: string[]): Promise<Map<string, Row>> {
  const pages = [];
  for (let at = 0; at < ids.length; at += PAGE)
    pages.push(
      list('products', {
        filter: `id:in:${ids.slice(at, at + PAGE).join(',')}`,
        fields: 'code,name,spec,unit',
        count: 'no',
        limit: PAGE,
      }),
    );
  const found = (await Promise.all(pages)).flatMap((page) => page.rows);
  return new Map(found.map((row) => [row.id, row]));
}

function lineOf(line: Row, products: Map<string, Row>): Omit<Line, 'order'> {
  const product = products.get(String(line['product']));
  const text = (name: string): string => String(line[name] ?? '');
  const of = (name: string): string => String(product?.[name] ?? '');
  return {
    code: of('code'),
    // What was agreed under this name stays so, whatever the product is called since.
    name: product ? of('name') : text('text'),
    spec: of('spec'),
    unit: of('unit'),
    qty: text('qty') || text('ordered') || text('assigned'),
    price: text('price_entered') || text('price'),
    rate: text('tax_rate'),
    net: text('net'),
    tax: text('tax'),
    gross: text('gross') || text('amount'),
    day: text('day'),
    kind: text('kind'),
    number: text('number'),
  };
}
