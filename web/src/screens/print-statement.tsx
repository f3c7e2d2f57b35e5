// A statement of account on paper: what moved, what is owed, and room for both seals.
import { capital } from '../lib/capital.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount, isZero, quantity } from '../lib/number.ts';
import type { Line, Paper } from './print-data.ts';

export function StatementLines(props: { lines: Line[]; first: number; row: Paper['row'] }) {
  const { words, t, lang } = useWords();
  const head = (name: string) => words.field('statement_line', name);
  return (
    <table>
      <thead>
        <tr>
          <th className="n">#</th>
          <th>{head('day')}</th>
          <th>{head('kind')}</th>
          <th>{head('number')}</th>
          <th>{head('text')}</th>
          <th className="num">{head('qty')}</th>
          <th className="num">{head('price')}</th>
          <th className="num">
            {head('amount')} {String(props.row['currency'])}
          </th>
          <th className="remark">{t('print-col-note')}</th>
        </tr>
      </thead>
      <tbody>
        {props.first === 0 && (
          <tr>
            <td />
            <td colSpan={6}>{t('print-statement-opening')}</td>
            <td className="num">{amount(lang, props.row['opening'])}</td>
            <td />
          </tr>
        )}
        {props.lines.map((line, at) => (
          <tr key={props.first + at} data-line>
            <td className="n">{props.first + at + 1}</td>
            <td className="code">{line.day}</td>
            <td className="nowrap">{words.option('statement_line', 'kind', line.kind)}</td>
            <td className="code">{line.number}</td>
            <td className="name">
              {line.name} {line.spec}
            </td>
            <td className="num">{isZero(line.qty) ? '' : quantity(lang, line.qty)}</td>
            <td className="num">{isZero(line.price) ? '' : quantity(lang, line.price)}</td>
            <td className="num">{amount(lang, line.gross)}</td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function StatementTotals({ row }: { row: Paper['row'] }) {
  const { words, t, lang } = useWords();
  const currency = String(row['currency'] ?? '');
  return (
    <>
      <div className="sums at-end">
        {lang === 'zh-CN' && currency === 'CNY' && !String(row['closing']).startsWith('-') && (
          <p className="capital">
            {t('print-capital')} {capital(row['closing'])}
          </p>
        )}
        <p>
          {['delivered', 'returned', 'paid'].map((name) => (
            <span key={name}>
              {words.field('statement', name)} {amount(lang, row[name])}
            </span>
          ))}
          <b>
            {t('print-statement-closing')} {amount(lang, row['closing'])} {currency}
          </b>
        </p>
      </div>
      <p className="say at-end">{t('print-statement-say')}</p>
    </>
  );
}

export function Seals() {
  const { t } = useWords();
  return (
    <div className="seals at-end">
      {['ours', 'yours'].map((who) => (
        <div key={who}>
          <span>{t(`print-seal-${who}`)}</span>
          <span>{t('print-seal-day')}</span>
        </div>
      ))}
    </div>
  );
}
