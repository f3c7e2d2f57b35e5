// What of a customer's money is free: payments that pay nothing, credit notes set against nothing.
import { type Row, list } from '../api/client.ts';
import { parse, sign, text } from '../lib/number.ts';

export type Free = {
  kind: 'payment' | 'credit_note';
  id: string;
  number: string;
  currency: string;
  /** What a unit of it was booked at, in the company's own currency. */
  rate: string;
  free: string;
};

const value = (row: Row, name: string): bigint => parse(String(row[name] ?? '0')) ?? 0n;

export async function freeOf(party: string): Promise<Free[]> {
  const [payments, notes] = await Promise.all([
    list('payments', {
      filter: [`party:eq:${party}`, 'state:eq:cleared', 'unapplied:gt:0'],
      fields: 'number,currency,rate,unapplied,held',
      sort: 'value_day',
      limit: 200,
    }),
    list('invoices', {
      filter: [`party:eq:${party}`, 'kind:eq:credit', 'state:eq:posted', 'open:lt:0'],
      fields: 'number,currency,rate,open,held',
      sort: 'day',
      limit: 200,
    }),
  ]);
  const of = (kind: Free['kind'], row: Row, free: bigint): Free => ({
    kind,
    id: row.id,
    number: String(row['number']),
    currency: String(row['currency']),
    rate: String(row['rate'] ?? ''),
    free: text(free),
  });
  return [
    ...payments.rows.map((r) => of('payment', r, value(r, 'unapplied') - value(r, 'held'))),
    ...notes.rows.map((r) => of('credit_note', r, -value(r, 'open') - value(r, 'held'))),
  ].filter((one) => sign(one.free) > 0);
}
