// The cases behind a number, longest first; each opens its document.
import { Link } from '@tanstack/react-router';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { instant } from '../lib/day.ts';
import { lasting, PLACE, type Cases } from './process-data.ts';

export function CaseList({ cases, title }: { cases: Cases; title: string }) {
  const { t, lang } = useWords();
  const collection = PLACE[cases.kind];
  const shown = (row: Cases['rows'][number]): string => {
    if (row.seconds !== undefined) return lasting(lang, row.seconds);
    if (row.minutes !== undefined) return lasting(lang, row.minutes * 60);
    if (row.value === undefined) return '';
    const value = cases.unit === 'money' ? row.value / 100 : row.value;
    return count(lang, Math.round(value * 100) / 100);
  };
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{t('cases-count', { count: cases.count })}</span>
      </header>
      <div className="in scroll tall" role="region" aria-label={title} tabIndex={0}>
        <table className="lines">
          <tbody>
            {cases.rows.map((row) => (
              <tr key={row.id}>
                <td>
                  {collection ? (
                    <Link to="/$collection/$id" params={{ collection, id: row.id }}>
                      {row.number}
                    </Link>
                  ) : (
                    row.number
                  )}
                </td>
                <td className="muted">{row.from ? instant(row.from).slice(0, 10) : ''}</td>
                <td className="num">{shown(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
