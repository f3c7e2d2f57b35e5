// The lines of a document; columns in which no line says anything are left out.
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, amount } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { type Field, type LineEntity, isForPeople } from './meta.ts';
import { Value, isFigure, isNothing } from './show.tsx';

/** Sums that mean something at the foot. */
const SUMMED = new Set(['gross', 'net', 'tax', 'amount', 'debit', 'credit', 'value', 'discount', 'cost']);
const LEFT_OUT = new Set(['order_line', 'item', 'stock', 'reservation', 'text_en']);

export function lineColumns(line: { fields: Field[]; parent: string; rows: Row[] }): Field[] {
  const said = (field: Field): boolean => line.rows.some((row) => !isNothing(field, row[field.name]));
  return line.fields.filter((f) => isForPeople(f) && f.name !== line.parent && !LEFT_OUT.has(f.name) && said(f));
}

export function Lines({ line, parent, rows }: { line: LineEntity; parent: Row; rows: Row[] }) {
  const { words, t, lang } = useWords();
  const { company } = useMe();
  if (rows.length === 0) return null;
  const columns = lineColumns({ fields: line.fields, parent: line.parent, rows });
  const inCurrency = rows.map((row) => ({ ...row, currency: parent['currency'] ?? company.currency }));
  const sums = columns.some((c) => SUMMED.has(c.name)) && rows.length > 1;
  return (
    <section className="card">
      <header>
        <h2>{words.entities(line.name)}</h2>
        <span className="muted">{rows.length}</span>
      </header>
      <div className="in scroll" role="region" aria-label={words.entities(line.name)} tabIndex={0}>
        <table className="lines">
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
                    <Value owner={line.name} field={column} row={row as Row} />
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
                    {column.type === 'money' && SUMMED.has(column.name) ? amount(lang, add(rows.map((r) => String(r[column.name] ?? '0')))) : at === 0 ? t('sum') : null}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}
