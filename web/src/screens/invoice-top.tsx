// Above an invoice over several orders: which orders those are, and how much of it is of each.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import type { DetailProps } from '../meta/registry.ts';
import { ordersOf } from './print-data.ts';

export function InvoiceTop({ row }: DetailProps) {
  const { words, lang } = useWords();
  const { company } = useMe();
  // An invoice over one order names it among its fields.
  const isOver = !row['order_id'];
  const asked = useQuery({
    queryKey: ['orders of invoice', row.id],
    queryFn: () => ordersOf(row.id),
    enabled: isOver,
    retry: false,
  });
  const orders = isOver ? (asked.data ?? []) : [];
  if (orders.length === 0) return null;
  const lines = (row['invoice_lines'] as Row[] | undefined) ?? [];
  const worth = (ids: string[]): string =>
    add(lines.filter((line) => ids.includes(line.id)).map((line) => String(line['gross'] ?? '0')));
  const currency = String(row['currency'] || company.currency);
  return (
    <section className="card">
      <header>
        <h2>{words.entities('order')}</h2>
        <span className="muted">{orders.length}</span>
      </header>
      <ul className="in plain">
        {orders.map((order) => (
          <li key={order.id}>
            <span className="grow">
              <Link
                className="no"
                to="/$collection/$id"
                params={{ collection: 'orders', id: order.id }}
              >
                {order.number}
              </Link>
              {order.customer_po_no && (
                <small className="muted">
                  {words.field('order', 'customer_po_no')} {order.customer_po_no}
                </small>
              )}
            </span>
            <b className="num">{money(lang, worth(order.lines), currency)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
