// Faults and wastes with their cases, and decisions that are far from the work.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { compact, count } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Loading, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { CaseList } from './process-cases.tsx';
import { lasting, useActivity, type CaseRow } from './process-data.ts';

type Fault = {
  name: string;
  waste: string;
  kind: string;
  count: number;
  minutes: number;
  amount: string;
  money_days: string;
  cases: CaseRow[];
};
type Decision = {
  /** What was asked about: a hold, an approval, a quotation, a change order, a return. */
  what: string;
  /** Of which kind of hold; empty where there is one kind only. */
  kind: string;
  count: number;
  passed: number;
  changed: number;
  delegated: number;
  m_shaped: number;
  people: number;
  departments: number;
  distance: number;
  hours: number;
  amount: string;
  rubber_stamp: boolean;
};

type Step = {
  activity: string;
  class: string;
  count: number;
  by_rule: number;
  hours: number;
  per_hour: string;
};

const key = (name: string): string => name.replaceAll('_', '-');

export function Faults() {
  const { t, lang } = useWords();
  const { company } = useMe();
  const [open, setOpen] = useState<string>();
  const asked = useQuery({
    queryKey: ['process', 'faults'],
    queryFn: () => get<{ faults: Fault[]; decisions: Decision[]; steps: Step[] }>('process/faults'),
  });
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data) return <Loading lines={6} />;
  const { faults, decisions, steps } = asked.data;
  const money = (minor: string): string => compact(lang, String(Number(minor) / 100), company.currency);
  const chosen = faults.find((f) => f.name === open);
  return (
    <div className="stack">
      <div className={chosen ? 'panes' : undefined}>
        <section className="card">
          <header>
            <h2>{t('faults-title')}</h2>
            <span className="muted">{t('faults-sub')}</span>
          </header>
          <div className="in scroll" role="region" aria-label={t('faults-title')} tabIndex={0}>
            <CardTable>
              <thead>
                <tr>
                  <th>{t('faults-what')}</th>
                  <th>{t('faults-waste')}</th>
                  <th className="num">{t('faults-count')}</th>
                  <th className="num">{t('faults-time')}</th>
                  <th className="num">{t('faults-money')}</th>
                </tr>
              </thead>
              <tbody>
                {faults.map((f) => (
                  <tr key={f.name} data-on={open === f.name || undefined}>
                    <td>
                      <button
                        type="button"
                        className="linkish"
                        aria-expanded={open === f.name}
                        onClick={() => setOpen(open === f.name ? undefined : f.name)}
                      >
                        {t(`fault-${key(f.name)}`)}
                      </button>
                    </td>
                    <td className="muted">{t(`waste-${f.waste}`)}</td>
                    <td className="num">{count(lang, f.count)}</td>
                    <td className="num">{f.minutes > 0 ? lasting(lang, f.minutes * 60) : '–'}</td>
                    <td className="num">{money(f.amount)}</td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        </section>
        {chosen && (
          <CaseList
            cases={{ kind: chosen.kind, count: chosen.count, rows: chosen.cases }}
            title={t(`fault-${key(chosen.name)}`)}
          />
        )}
      </div>
      {steps.length > 0 && <Steps steps={steps} money={money} />}
      {decisions.length > 0 && <Decisions decisions={decisions} money={money} />}
    </div>
  );
}

function Decisions(props: { decisions: Decision[]; money: (minor: string) => string }) {
  const { t, words, lang } = useWords();
  const { decisions, money } = props;
  const name = (d: Decision): string =>
    d.kind === '' ? words.entity(d.what) : `${words.entity(d.what)} · ${words.option('hold', 'kind', d.kind)}`;
  return (
    <section className="card">
      <header>
        <h2>{t('decisions-title')}</h2>
        <span className="muted">{t('decisions-sub')}</span>
      </header>
      <div className="in scroll" role="region" aria-label={t('decisions-title')} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{t('decisions-what')}</th>
              <th className="num">{t('faults-count')}</th>
              <th className="num">{t('decisions-passed')}</th>
              <th className="num">{t('decisions-distance')}</th>
              <th className="num">{t('decisions-people')}</th>
              <th className="num">{t('decisions-wait')}</th>
              <th className="num">{t('decisions-changed')}</th>
              <th className="num">{t('faults-money')}</th>
              <th>{t('decisions-remark')}</th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((d) => (
              <tr key={`${d.what} ${d.kind}`}>
                <td>{name(d)}</td>
                <td className="num">{count(lang, d.count)}</td>
                <td className="num">{count(lang, d.passed)}</td>
                <td className="num">{count(lang, d.distance)}</td>
                <td className="num">{`${count(lang, d.people)} / ${count(lang, d.departments)}`}</td>
                <td className="num">{lasting(lang, d.hours * 3600)}</td>
                <td className="num">{count(lang, d.changed)}</td>
                <td className="num">{money(d.amount)}</td>
                <td>
                  {d.rubber_stamp && <span className="tag warn">{t('decisions-stamp')}</span>}
                  {d.m_shaped > 0 && <span className="tag">{t('decisions-m', { count: d.m_shaped })}</span>}
                  {d.delegated > 0 && (
                    <span className="tag">{t('decisions-delegated', { count: d.delegated })}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

/** What each step is worth to the customer, how much of it is automatic, what waits before it. */
function Steps(props: { steps: Step[]; money: (minor: string) => string }) {
  const { t, lang } = useWords();
  const activity = useActivity(false);
  const { steps, money } = props;
  const all = steps.reduce((sum, s) => sum + s.count, 0);
  const ruled = steps.reduce((sum, s) => sum + s.by_rule, 0);
  const share = (part: number, of: number): string => `${count(lang, Math.round((part * 100) / Math.max(of, 1)))}%`;
  return (
    <section className="card">
      <header>
        <h2>{t('steps-title')}</h2>
        <span className="muted">{t('steps-sub', { share: share(ruled, all) })}</span>
      </header>
      <div className="in scroll tall" role="region" aria-label={t('steps-title')} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{t('steps-step')}</th>
              <th>{t('steps-class')}</th>
              <th className="num">{t('faults-count')}</th>
              <th className="num">{t('steps-automatic')}</th>
              <th className="num">{t('steps-waited')}</th>
              <th className="num">{t('steps-per-hour')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((s) => (
              <tr key={s.activity}>
                <td>{activity(s.activity)}</td>
                <td>
                  <span className={`tag ${CLASS_TONE[s.class] ?? ''}`}>{t(`class-${s.class}`)}</span>
                </td>
                <td className="num">{count(lang, s.count)}</td>
                <td className="num">{share(s.by_rule, s.count)}</td>
                <td className="num">{lasting(lang, (s.hours * 3600) / Math.max(s.count, 1))}</td>
                <td className="num">{money(s.per_hour)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

const CLASS_TONE: Record<string, string> = { value: 'ok', waste: 'warn' };
