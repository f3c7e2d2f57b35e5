// The lines of a document; columns in which no line says anything are left out.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, amount } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Button } from '../ui/parts.tsx';
import { type Field, type LineEntity, isForPeople, useIndexQuery } from './meta.ts';
import { Value, isFigure, isNothing } from './show.tsx';

/** Sums that mean something at the foot. */
const SUMMED = new Set([
  'gross',
  'net',
  'tax',
  'amount',
  'debit',
  'credit',
  'value',
  'discount',
  'cost',
]);
const LEFT_OUT = new Set(['order_line', 'shipment_line', 'item', 'stock', 'reservation']);
/** What only some want to see of a line: shown when asked for. */
const SECOND = new Set([
  'kind',
  'tax_code',
  'list_price',
  'net',
  'cost',
  'cost_shipped',
  'cost_recognised',
  'net_recognised',
  'tax_recognised',
  'tax_dispatched',
  'gross_invoiced',
  'tax_invoiced',
  'recognised',
  'txn_amount',
]);

export function lineColumns(line: { fields: Field[]; parent: string; rows: Row[] }): Field[] {
  const said = (field: Field): boolean =>
    line.rows.some((row) => !isNothing(field, row[field.name]));
  return line.fields.filter(
    (f) => isForPeople(f) && f.name !== line.parent && !LEFT_OUT.has(f.name) && said(f),
  );
}

export function Lines({ line, parent, rows }: { line: LineEntity; parent: Row; rows: Row[] }) {
  const { words, t, lang } = useWords();
  const { company } = useMe();
  const [all, setAll] = useState(false);
  const index = useIndexQuery();
  if (rows.length === 0) return null;
  // What the program keeps for itself has no page to lead to; one's own company says nothing.
  const says = (f: Field): boolean =>
    (!f.ref || !index || index.some((e) => e.name === f.ref)) &&
    (f.type !== 'ref' || f.ref !== undefined || f.ref_field !== undefined) &&
    !(f.name === 'company' && rows.every((row) => row['company'] === company.id));
  const every = lineColumns({ fields: line.fields, parent: line.parent, rows }).filter(says);
  // A line that says what it is in words needs no second column for the product.
  const worded = every.some((c) => c.name === 'text') && every.some((c) => c.name === 'product');
  const columns = every.filter(
    (c) => (all || !SECOND.has(c.name)) && !(worded && c.name === 'text'),
  );
  const more = every.filter((c) => SECOND.has(c.name)).length;
  const inCurrency = rows.map((row) => ({
    ...row,
    currency: parent['currency'] ?? company.currency,
  }));
  const sums = columns.some((c) => SUMMED.has(c.name)) && rows.length > 1;
  return (
    <section className="card">
      <header>
        <h2>{words.entities(line.name)}</h2>
        <span className="muted">{rows.length}</span>
        <span className="sp" />
        {more > 0 && (
          <Button kind="ghost" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? t('detail-less') : t('lines-all')}
          </Button>
        )}
      </header>
      <div className="in scroll" role="region" aria-label={words.entities(line.name)} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} className={isFigure(column) ? 'num' : undefined}>
                  {words.field(line.name, column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inCurrency.map((row) => (
              <tr key={row.id}>
                {columns.map((column) => (
                  <td key={column.name} className={isFigure(column) ? 'num' : undefined}>
                    {worded && column.name === 'product' ? (
                      <Link
                        className="text"
                        to="/$collection/$id"
                        params={{ collection: 'products', id: String((row as Row)['product']) }}
                      >
                        {String((row as Row)['text'])}
                      </Link>
                    ) : (
                      <Value owner={line.name} field={column} row={row as Row} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          {sums && (
            <tfoot>
              <tr>
                {columns.map((column, at) => (
                  <td key={column.name} className={isFigure(column) ? 'num' : undefined}>
                    {column.type === 'money' && SUMMED.has(column.name)
                      ? amount(lang, add(rows.map((r) => String(r[column.name] ?? '0'))))
                      : at === 0
                        ? t('sum')
                        : null}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </CardTable>
      </div>
    </section>
  );
}
