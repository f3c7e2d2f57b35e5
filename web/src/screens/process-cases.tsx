// The cases behind a number, longest first; each opens its document.
import { Link } from '@tanstack/react-router';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { instant } from '../lib/day.ts';
import { CardTable } from '../ui/card-table.tsx';
import { lasting, PLACE, type CaseRow, type Cases } from './process-data.ts';

export function CaseList({ cases, title }: { cases: Cases; title: string }) {
  const { t, words, lang } = useWords();
  // A hold, an approval or a review is looked at on the document that it is about.
  const kind = (row: CaseRow): string => row.of ?? cases.kind;
  const name = (row: CaseRow): string =>
    row.number || (PLACE[kind(row)] ? t('case-unnumbered', { kind: words.entity(kind(row)) }) : row.id);
  const shown = (row: CaseRow): string => {
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
        <CardTable>
          <tbody>
            {cases.rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <CaseName collection={PLACE[kind(row)]} id={row.document ?? row.id} name={name(row)} />
                  {kind(row) !== cases.kind && <span className="muted"> {words.entity(kind(row))}</span>}
                </td>
                <td className="muted">{row.from ? instant(row.from).slice(0, 10) : ''}</td>
                <td className="num">{shown(row)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

function CaseName(props: { collection: string | undefined; id: string; name: string }) {
  const { collection, id, name } = props;
  if (!collection) return name;
  return (
    <Link to="/$collection/$id" params={{ collection, id }}>
      {name}
    </Link>
  );
}
