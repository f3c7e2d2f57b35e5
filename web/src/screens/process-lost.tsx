// What loses time: findings ranked by money × days, with cause, place, period and cases.
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { compact, count } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { ScreenProblem } from '../ui/frames.tsx';
import { Empty, Loading } from '../ui/parts.tsx';
import { CaseList } from './process-cases.tsx';
import { Faults } from './process-faults.tsx';
import type { CaseRow } from './process-data.ts';
import '../styles/process.css';

type Finding = {
  step: string;
  cause: string;
  share: number;
  rhythm: { weekdays?: number[]; from_day?: number } | null;
  place: string;
  also: string[];
  person: string | null;
  from: string;
  until: string;
  days: number;
  money_days: string;
  ratio: number;
  count: number;
  cases: CaseRow[];
};

const key = (name: string): string => name.replaceAll('_', '-');

export function Lost() {
  const { t, lang } = useWords();
  const { company } = useMe();
  const [open, setOpen] = useState<number>();
  const asked = useQuery({
    queryKey: ['process', 'findings'],
    queryFn: () => get<{ findings: Finding[] }>('process/findings'),
  });
  if (asked.error) return <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />;
  if (!asked.data) return <Loading lines={8} />;
  const all = asked.data.findings;
  const most = Math.max(...all.map((f) => Number(f.money_days)), 1);
  const chosen = open === undefined ? undefined : all[open];
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-lost')}</h1>
        <span className="sub">{t('lost-sub')}</span>
      </div>
      {all.length === 0 && (
        <div className="card">
          <Empty icon={<CircleCheck aria-hidden />} title={t('lost-none')} text={t('lost-none-text')} />
        </div>
      )}
      <div className={chosen ? 'panes' : undefined}>
        <ol className="lost">
          {all.map((f, at) => (
            <li key={`${f.step}${f.place}${f.from}`} className="card" data-on={open === at || undefined}>
              <div className="in">
                <div className="rowx">
                  <h2>
                    {at + 1}. {t(`lost-step-${key(f.step)}`)}
                  </h2>
                  <span className="tag warn">{t(`lost-cause-${key(f.cause)}`)}</span>
                  <span className="sp" />
                  <b className="num">
                    {t('lost-money-days', {
                      money: compact(lang, String(Number(f.money_days) / 100), company.currency),
                    })}
                  </b>
                </div>
                <div className="track" aria-hidden>
                  <span style={{ width: `${(Number(f.money_days) * 100) / most}%` }} />
                </div>
                <p>
                  <Where finding={f} />
                  {t('lost-said', {
                    from: f.from.slice(0, 7),
                    until: f.until.slice(0, 7),
                    ratio: Math.round(f.ratio * 10) / 10,
                    days: f.days,
                    cases: f.count,
                  })}
                </p>
                <p className="muted">
                  {f.rhythm?.weekdays &&
                    `${t('lost-weekdays', { days: f.rhythm.weekdays.map((d) => t(`weekday-${d}`)).join(t('list-comma')) })} `}
                  {f.rhythm?.from_day && `${t('lost-from-day', { day: f.rhythm.from_day })} `}
                  {f.person && `${t('lost-person', { person: f.person })} `}
                  {t(`lost-todo-${key(f.cause)}`)}
                </p>
                <button
                  type="button"
                  className="btn"
                  aria-expanded={open === at}
                  onClick={() => setOpen(open === at ? undefined : at)}
                >
                  {t('lost-cases', { count: count(lang, f.count) })}
                </button>
              </div>
            </li>
          ))}
        </ol>
        {chosen && (
          <CaseList
            cases={{ kind: 'order', count: chosen.count, rows: chosen.cases }}
            title={t(`lost-step-${key(chosen.step)}`)}
          />
        )}
      </div>
      <Faults />
    </div>
  );
}

/** The place in words: a class of customers, a carrier, the end of months. */
function Where({ finding }: { finding: Finding }) {
  const { t } = useWords();
  if (!finding.place) return null;
  const one = (place: string): string => {
    const [slice = '', end] = place.split('&');
    const [dimension = '', value = ''] = slice.split('=');
    if (dimension === 'billed') return t(`lost-billed-${key(value)}`);
    const said = slice === 'month_end' ? '' : `${t(`dim-${dimension}`)} ${value || t('dim-none')}`;
    const ends = end === 'month_end' || slice === 'month_end';
    return ends ? `${said} ${t('lost-month-end')}`.trim() : said;
  };
  return <b>{[finding.place, ...finding.also].map(one).join(t('list-comma'))} · </b>;
}
