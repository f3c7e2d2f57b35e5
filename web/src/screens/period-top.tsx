// What a period's foreign currency would be valued at now, before it is posted or the month closed.
import { useQuery } from '@tanstack/react-query';
import { Problem, get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { money, quantity } from '../lib/number.ts';
import { useMay, useMe } from '../lib/session.tsx';
import type { DetailProps } from '../meta/registry.ts';
import { Ref } from '../meta/show.tsx';
import { Note } from '../ui/parts.tsx';

type Valued = {
  role: string;
  party: string | null;
  currency: string;
  rate: string;
  amount: string;
  before: string;
  after: string;
  difference: string;
};

/** Nothing where a company has nothing in foreign currency, or the month is closed. */
export function PeriodTop({ row }: DetailProps) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const may = useMay();
  const open = row['state'] === 'open';
  const asked = useQuery({
    queryKey: ['facts', 'periods', row.id, 'revaluation'],
    enabled: open && may('ledger.entry.read'),
    retry: false,
    queryFn: () => get<{ rows: Valued[] }>(`periods/${row.id}/revaluation`),
  });
  if (asked.error instanceof Problem) return <Note tone="warn">{asked.error.title}</Note>;
  const rows = open ? (asked.data?.rows ?? []) : [];
  if (rows.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{words.verb('period', 'revalue')}</h2>
      </header>
      <div className="in scroll" role="region" aria-label={t('revaluation')} tabIndex={0}>
        <table className="lines">
          <thead>
            <tr>
              <th>{t('revaluation-of')}</th>
              <th className="num">{words.field('open_item', 'amount')}</th>
              <th className="num">{words.entity('exchange_rate')}</th>
              <th className="num">{t('revaluation-before')}</th>
              <th className="num">{t('revaluation-after')}</th>
              <th className="num">{words.field('allocation', 'difference_base')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((line) => (
              <tr key={`${line.role} ${line.party} ${line.currency}`}>
                <td>
                  {line.party ? (
                    <Ref entity="party" id={line.party} />
                  ) : (
                    t(line.role === 'cash' ? 'revaluation-cash' : 'revaluation-bank')
                  )}
                </td>
                <td className="num">{money(lang, line.amount, line.currency)}</td>
                <td className="num">{quantity(lang, line.rate)}</td>
                <td className="num">{money(lang, line.before, company.currency)}</td>
                <td className="num">{money(lang, line.after, company.currency)}</td>
                <td className="num">{money(lang, line.difference, company.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
