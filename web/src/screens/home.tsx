// Home: where the work stands from lead to cash, what to do next, and how this month compares.
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, CircleCheck, ListTodo, Package, ShoppingCart, UserRoundPlus } from 'lucide-react';
import { get, list } from '../api/client.ts';
import { daysBetween, month } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, approximate, compact, count, isZero, money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { standing } from '../lib/talk.ts';
import { useMyTasks } from '../lib/talk-data.ts';
import { useIndexQuery } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Bars } from '../ui/chart.tsx';
import { Empty } from '../ui/parts.tsx';

type Amount = { currency: string; amount: string };
type Pool = {
  name: string;
  collection: string;
  filter: string[];
  count: number;
  amounts: Amount[];
};
type Stage = Pool & { waits: Pool[] };
type Month = { month: string; count: number; currency: string; amount: string };
type Figure = { name: string; collection: string; day: string; filter: string[]; months: Month[] };
type River = { today: string; stages: Stage[]; figures: Figure[] };

export const useRiver = () =>
  useQuery({ queryKey: ['river'], queryFn: () => get<River>('river'), refetchInterval: 60_000 });

export function Home() {
  const { t } = useWords();
  const me = useMe();
  const asked = useRiver();
  if (!asked.data)
    return asked.error ? (
      <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />
    ) : (
      <ScreenWaits />
    );
  const river = asked.data;
  const isNew =
    river.stages.every((s) => s.count === 0) && river.figures.every((f) => f.months.length === 0);
  return (
    <div className="page">
      <div className="head">
        <h1>{t('home-hello', { name: me.user.name })}</h1>
        <span className="sub">{river.today}</span>
      </div>
      <RiverStrip stages={river.stages} />
      {isNew ? (
        <FirstSteps />
      ) : (
        <div className="home">
          <Next stages={river.stages} />
          <div className="stack">
            <Figures river={river} />
            <Overdue river={river} />
          </div>
        </div>
      )}
    </div>
  );
}

/** The sum in the company's own currency; other currencies stand beside it. */
function useSum() {
  const { company } = useMe();
  return (amounts: Amount[]): { own: string; others: Amount[] } => ({
    own: add(amounts.filter((a) => a.currency === company.currency).map((a) => a.amount)),
    others: amounts.filter((a) => a.currency !== company.currency && !isZero(a.amount)),
  });
}

function RiverStrip({ stages }: { stages: Stage[] }) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const sum = useSum();
  return (
    <nav className="card river" aria-label={t('river')}>
      {stages.map((stage) => {
        const { own, others } = sum(stage.amounts);
        const waiting = stage.waits.reduce((all, w) => all + w.count, 0);
        return (
          <Link
            key={stage.name}
            to="/$collection"
            params={{ collection: stage.collection }}
            search={{ filter: stage.filter }}
            style={{ '--c': `var(--st-${stage.name})` } as never}
          >
            <span className="l">{t(`river-${stage.name}`)}</span>
            <span className="v">{count(lang, stage.count)}</span>
            <span className="d">
              {stage.amounts.length > 0 && <span>{compact(lang, own, company.currency)}</span>}
              {others.map((o) => (
                <span key={o.currency}>{compact(lang, o.amount, o.currency)}</span>
              ))}
              {waiting > 0 && <b>{t('river-waiting', { count: waiting })}</b>}
            </span>
          </Link>
        );
      })}
    </nav>
  );
}

/** Where each kind of waiting is worked off. */
const WORK: Record<string, string> = {
  order_held: '/desk',
  shipment_to_pick: '/pick',
  payment_to_match: '/matching',
};

function Next({ stages }: { stages: Stage[] }) {
  const { t, lang } = useWords();
  const { company, user } = useMe();
  const sum = useSum();
  const bill = stages.find((s) => s.name === 'bill');
  const waits = stages.flatMap((s) => s.waits.map((w) => ({ ...w, stage: s.name })));
  const toBill = bill && bill.count > 0 ? [{ ...bill, name: 'to_bill', stage: 'bill' }] : [];
  const shown = [...waits, ...toBill].filter((w) => w.count > 0);
  const mine = useMyTasks().data;
  const tasks = ['late', 'today'].map((when) => ({
    when,
    count: (mine?.rows ?? []).filter(
      (one) => one.for_user === user.id && standing(one, mine?.today ?? '') === when,
    ).length,
  }));
  const due = tasks.filter((one) => one.count > 0);
  return (
    <section className="card">
      <header>
        <h2>{t('next-title')}</h2>
      </header>
      <div className="in">
        {shown.length + due.length === 0 && (
          <Empty
            icon={<CircleCheck aria-hidden />}
            title={t('next-none')}
            text={t('next-none-text')}
          />
        )}
        <ul className="next">
          {due.map(({ when, count }) => (
            <li key={when}>
              <Link to="/inbox">
                <ListTodo size={15} aria-hidden />
                <span className={when === 'late' ? 'what late' : 'what'}>
                  {t(`next-tasks-${when}`, { count })}
                </span>
                <ArrowRight size={15} aria-hidden />
              </Link>
            </li>
          ))}
          {shown.map((w) => {
            const work = w.name === 'to_bill' ? '/billing' : WORK[w.name];
            const inside = (
              <>
                <i className="dot" style={{ background: `var(--st-${w.stage})` }} aria-hidden />
                <span className="what">
                  {t(`wait-${w.name.replaceAll('_', '-')}`, { count: w.count })}
                </span>
                {w.amounts.length > 0 && (
                  <span className="amt">{compact(lang, sum(w.amounts).own, company.currency)}</span>
                )}
                <ArrowRight size={15} aria-hidden />
              </>
            );
            return (
              <li key={w.name}>
                {work ? (
                  <Link to={work}>{inside}</Link>
                ) : (
                  <Link
                    to="/$collection"
                    params={{ collection: w.collection }}
                    search={{ filter: w.filter }}
                  >
                    {inside}
                  </Link>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

/** The last twelve months, those without anything too. */
function months(today: string): string[] {
  const [year, at] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return Array.from({ length: 12 }, (_, n) => {
    const m = year * 12 + at - 12 + n;
    return `${Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, '0')}`;
  });
}

function Figures({ river }: { river: River }) {
  const { t, lang } = useWords();
  const { company } = useMe();
  return (
    <div className="figures">
      {river.figures.map((figure) => {
        const own = figure.months.filter((m) => m.currency === company.currency);
        const points = months(river.today).map((m) => {
          const found = own.find((o) => o.month === m);
          return {
            key: m,
            label: month(lang, m),
            value: found?.amount ?? '0',
            count: found?.count ?? 0,
          };
        });
        const now = points[11];
        const before = points[10];
        if (!now || !before) return null;
        const from = `${now.key}-01`;
        return (
          <section className="card figure" key={figure.name}>
            <header>
              <h2>{t(`figure-${figure.name}`)}</h2>
              <span className="sp" />
              <Link
                className="text"
                to="/$collection"
                params={{ collection: figure.collection }}
                search={{ filter: [...figure.filter, `${figure.day}:ge:${from}`] }}
              >
                {t('figure-records', { count: now.count })}
              </Link>
            </header>
            <div className="in">
              <div className="big">
                {compact(lang, now.value, company.currency)}{' '}
                <small className="muted">{now.label}</small>
              </div>
              <Compare now={now.value} before={before.value} label={before.label} />
              <Bars
                name={t(`figure-${figure.name}`)}
                points={points.map((p) => ({
                  ...p,
                  shown: money(lang, p.value, company.currency),
                }))}
                color={
                  figure.name === 'intake' ? 'order' : figure.name === 'billed' ? 'bill' : 'cash'
                }
              />
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Compare({ now, before, label }: { now: string; before: string; label: string }) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const part = isZero(before)
    ? undefined
    : (approximate(now) - approximate(before)) / Math.abs(approximate(before));
  // A month that was nearly empty makes any other look huge: beyond tenfold no percentage is said.
  const percent =
    part === undefined || Math.abs(part) > 10
      ? ''
      : new Intl.NumberFormat(lang, {
          style: 'percent',
          maximumFractionDigits: 0,
          signDisplay: 'exceptZero',
        }).format(part);
  return (
    <p className="muted">
      {t('figure-compare', {
        month: label,
        before: compact(lang, before, company.currency),
        percent,
        has: percent ? 'yes' : 'no',
      })}
    </p>
  );
}

/** The claims that have waited longest, each with the way to its customer. */
function Overdue({ river }: { river: River }) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const pool = river.stages.flatMap((s) => s.waits).find((w) => w.name === 'invoice_overdue');
  const asked = useQuery({
    queryKey: ['overdue', pool?.filter],
    enabled: (pool?.count ?? 0) > 0,
    queryFn: () =>
      list('invoices', {
        filter: pool?.filter ?? [],
        fields: 'number,party,due,open,currency',
        sort: 'due',
        limit: 6,
        count: 'no',
      }),
  });
  const rows = asked.data?.rows ?? [];
  if (!pool || rows.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('overdue-title')}</h2>
        <span className="sp" />
        <Link
          className="text"
          to="/$collection"
          params={{ collection: 'invoices' }}
          search={{ filter: pool.filter, sort: 'due' }}
        >
          {t('related-all')}
        </Link>
      </header>
      <div className="in scroll" role="region" aria-label={t('overdue-title')} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{words.entity('invoice')}</th>
              <th>{words.field('invoice', 'party')}</th>
              <th>{words.field('invoice', 'due')}</th>
              <th className="num">{words.field('invoice', 'open')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <Link
                    className="no"
                    to="/$collection/$id"
                    params={{ collection: 'invoices', id: row.id }}
                  >
                    {String(row['number'])}
                  </Link>
                </td>
                <td>
                  <Ref entity="party" id={row['party']} />
                </td>
                <td>
                  <span className="late">
                    {t('late-days', { days: daysBetween(String(row['due']), river.today) })}
                  </span>
                </td>
                <td className="num">
                  {money(lang, row['open'], String(row['currency'] || company.currency))}
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

/** Nothing has happened yet: the three things after which everything else can. */
function FirstSteps() {
  const { t } = useWords();
  const index = useIndexQuery() ?? [];
  const steps = [
    { entity: 'party', icon: UserRoundPlus },
    { entity: 'product', icon: Package },
    { entity: 'receipt', icon: Package },
    { entity: 'order', icon: ShoppingCart },
  ].flatMap((step) => {
    const known = index.find((e) => e.name === step.entity && e.create);
    return known ? [{ ...step, collection: known.collection }] : [];
  });
  const made = useQueries({
    queries: steps.map(({ collection }) => ({
      queryKey: ['list', collection, 'first'],
      queryFn: () => list(collection, { limit: '1', fields: 'id', count: 'no' }),
    })),
  });
  const isDone = (at: number): boolean => (made[at]?.data?.rows.length ?? 0) > 0;
  return (
    <section className="card">
      <header>
        <h2>{t('first-title')}</h2>
      </header>
      <div className="in">
        <p className="muted">{t('first-text')}</p>
        <ol className="first">
          {steps.map((step, at) => (
            <li key={step.entity}>
              <span className="n">
                {isDone(at) ? <CircleCheck size={16} aria-label={t('first-done')} /> : at + 1}
              </span>
              <span className="grow">
                <b>{t(`first-${step.entity}`)}</b>
                <small className="muted">{t(`first-${step.entity}.why`)}</small>
              </span>
              <Link className="btn" to="/$collection/new" params={{ collection: step.collection }}>
                {t('first-do')}
              </Link>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
