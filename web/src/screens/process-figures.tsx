// KPIs: the goals of the company as a board, the tree of figures below them, and the way from any
// figure to its cases.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { get, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay, useMe } from '../lib/session.tsx';
import { Failed, ScreenProblem } from '../ui/frames.tsx';
import { CardTable } from '../ui/card-table.tsx';
import type { Mark } from '../ui/chart-control.tsx';
import { Button, Labelled, Loading, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason } from '../ui/toast.tsx';
import { CaseList } from './process-cases.tsx';
import type { Cases } from './process-data.ts';
import { latest, name, TONE, useShown, type Cell, type Kpi } from './process-figures-data.ts';
import '../styles/process.css';

const Tree = lazy(() => import('./process-tree.tsx'));
const ControlChart = lazy(() => import('../ui/chart-control.tsx'));
const Health = lazy(() => import('./process-health.tsx'));
const GOALS = ['cash', 'satisfaction', 'efficiency', 'competitiveness'];

type Goal = {
  kpi: string;
  zh: string;
  en: string;
  before?: number | null;
  now?: number | null;
  moved?: number | null;
  unit?: string;
  reached?: boolean | null;
};
type Board = { kpis: Kpi[]; goals: Goal[]; missing: { id: string; zh: string; en: string; needs: string }[] };
type Charted = {
  centre: number | string;
  low: number | string;
  high: number | string;
  points: { from: string; value: number | string; mark: Mark | null }[];
};
type OneKpi = Kpi & { formula: string; slices: { value: string; cells: Cell[] }[] };
type Search = { kpi?: string; grain?: string; dimension?: string; look?: string };


export function Figures() {
  const { t, lang } = useWords();
  const may = useMay();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const grain = search.grain ?? 'month';
  const set = (change: Partial<Search>): void =>
    void navigate({
      to: '/figures',
      search: (now: Search) => ({ ...now, ...change }),
      replace: true,
    } as never);
  const asked = useQuery({
    queryKey: ['kpis', grain],
    queryFn: () => get<Board>('kpis', { grain, count: 13 }),
  });
  if (asked.error) return <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />;
  if (!asked.data) return <Loading lines={10} />;
  const { kpis, goals, missing } = asked.data;
  const choose = (id: string): void =>
    set({ kpi: search.kpi === id ? undefined : id, dimension: undefined } as Partial<Search>);
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-figures')}</h1>
        <span className="sp" />
        {may('policy.scorecard.read') && (
          <Link className="btn" to="/$collection" params={{ collection: 'scorecards' }}>
            {t('figures-cards')}
          </Link>
        )}
        <div className="seg" role="group" aria-label={t('view')}>
          {['list', 'tree'].map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={(search.look ?? 'list') === one}
              onClick={() => set({ look: one === 'list' ? undefined : one } as Partial<Search>)}
            >
              {t(`figures-${one}`)}
            </button>
          ))}
        </div>
        <div className="seg" role="group" aria-label={t('figures-grain')}>
          {['week', 'month'].map((one) => (
            <button key={one} type="button" aria-pressed={grain === one} onClick={() => set({ grain: one })}>
              {t(`grain-${one}`)}
            </button>
          ))}
        </div>
      </div>
      <div className="twins tops">
        <GoalBoard goals={goals} />
        <Suspense fallback={<Loading lines={6} />}>
          <Health kpis={kpis} />
        </Suspense>
      </div>
      <div className={search.kpi ? 'panes' : undefined}>
        <div className="stack">
          {search.look === 'tree' ? (
            <Suspense fallback={<Loading lines={10} />}>
              <Tree kpis={kpis} chosen={search.kpi} choose={choose} />
            </Suspense>
          ) : (
            GOALS.map((goal) => (
              <Branch
                key={goal}
                goal={goal}
                kpis={kpis.filter((k) => k.goal === goal)}
                chosen={search.kpi}
                choose={choose}
              />
            ))
          )}
          <details className="card">
            <summary className="in">{t('figures-missing', { count: missing.length })}</summary>
            <ul className="in missing">
              {missing.map((m) => (
                <li key={m.id}>
                  {name(lang, m)} <span className="muted">{m.needs}</span>
                </li>
              ))}
            </ul>
          </details>
        </div>
        {search.kpi && <Drill key={search.kpi} id={search.kpi} grain={grain} search={search} set={set} />}
      </div>
    </div>
  );
}

/** What others reached, and where this company stands against its own beginning. */
function GoalBoard({ goals }: { goals: Goal[] }) {
  const { t, lang } = useWords();
  const shown = useShown();
  return (
    <section className="card">
      <header>
        <h2>{t('goals-title')}</h2>
        <span className="muted">{t('goals-sub')}</span>
      </header>
      <ul className="goals in">
        {goals.map((g) => (
          <li key={g.en}>
            <span className="what">{name(lang, g)}</span>
            {g.unit && typeof g.before !== 'number' && typeof g.now !== 'number' ? (
              <span className="muted">{t('goals-none')}</span>
            ) : g.unit ? (
              <span className="now">
                {shown(g.before, g.unit)} → <b>{shown(g.now, g.unit)}</b>
              </span>
            ) : (
              <span className="muted">{t('goals-later', { kpi: g.kpi })}</span>
            )}
            {g.reached !== null && g.reached !== undefined && (
              <span className={`tag ${g.reached ? 'ok' : ''}`}>
                {t(g.reached ? 'goals-reached' : 'goals-open')}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Branch(props: {
  goal: string;
  kpis: Kpi[];
  chosen: string | undefined;
  choose: (id: string) => void;
}) {
  const { t, lang } = useWords();
  const shown = useShown();
  const title = t(`goal-${props.goal}`);
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
      </header>
      <div className="in scroll" role="region" aria-label={title} tabIndex={0}>
        <CardTable className="kpis">
          <tbody>
            {props.kpis.map((k) => {
              const last = latest(k.cells);
              return (
                <tr key={k.id} data-on={props.chosen === k.id || undefined}>
                  <td>
                    <button
                      type="button"
                      className="linkish"
                      aria-expanded={props.chosen === k.id}
                      onClick={() => props.choose(k.id)}
                    >
                      {name(lang, k)}
                    </button>
                    {k.signal && (
                      <span className="tag info">
                        <TriangleAlert size={12} aria-hidden /> {t(`signal-${k.signal}`)}
                      </span>
                    )}
                  </td>
                  <td>
                    <Spark cells={k.cells} />
                  </td>
                  <td className="num">
                    <b>{shown(last?.value, k.unit)}</b>
                  </td>
                  <td className="num muted">
                    {k.target !== null && t('figures-target', { value: shown(k.target, k.unit) })}
                  </td>
                  <td>
                    {k.band && <span className={`tag ${TONE[k.band] ?? ''}`}>{t(`band-${k.band}`)}</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

/** A line of the last periods; what is not ripe is open. */
function Spark({ cells }: { cells: Cell[] }) {
  const values = cells.map((c) => (c.value === null ? null : Number(c.value)));
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const y = (v: number): number => 20 - ((v - low) / (high - low || 1)) * 18;
  const points = values.flatMap((v, at) => (v === null ? [] : [{ x: 2 + at * 8, y: y(v), at }]));
  return (
    <svg width={104} height={22} aria-hidden className="spark">
      <polyline points={points.map((p) => `${p.x},${p.y}`).join(' ')} />
      {points.map((p) => (
        <circle key={p.at} cx={p.x} cy={p.y} r={1.8} className={cells[p.at]?.ripe ? '' : 'open'} />
      ))}
    </svg>
  );
}

/** What the figure ought to be here, and who answers for it: they are told when it is missed. */
function TargetForm({ kpi }: { kpi: OneKpi }) {
  const { t } = useWords();
  const { user } = useMe();
  const may = useMay();
  const client = useQueryClient();
  const said = kpi.target === null ? '' : String(kpi.unit === 'money' ? kpi.target / 100 : kpi.target);
  const [target, setTarget] = useState(said);
  const [owner, setOwner] = useState(user.id);
  const save = useMutation({
    mutationFn: async () => {
      const body = { target, owner };
      if (!kpi.set) return send('kpi_targets', { ...body, kpi: kpi.id });
      const path = `kpi_targets/${kpi.set.id}`;
      const { version } = await get(path);
      return send(path, body, { method: 'PATCH', version });
    },
    // It is saved: the figures are fetched again behind the button's back.
    onSuccess: () => void client.invalidateQueries({ queryKey: ['kpis'] }),
  });
  const answers = kpi.set?.owner ? t('target-owner-is', { name: kpi.set.owner }) : '';
  if (!may('policy.kpi_target.write')) return answers ? <p>{answers}</p> : null;
  return (
    <form
      className="rowx"
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate();
      }}
    >
      <Labelled label={t('target-value')}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            inputMode="decimal"
            value={target}
            onChange={(e) => setTarget(e.target.value)}
          />
        )}
      </Labelled>
      <Labelled label={t('target-owner')}>
        {(ids) => (
          <Picker {...ids} entity="user" value={owner} onPick={(id) => setOwner(id)} className="input" />
        )}
      </Labelled>
      <Button type="submit" busy={save.isPending} disabled={target === '' || owner === ''}>
        {t('target-save')}
      </Button>
      {answers && <span className="muted">{answers}</span>}
      {save.error && <Note tone="bad">{reason(save.error, t)}</Note>}
    </form>
  );
}

/** Periods of a control chart: two years of months, half a year of weeks. */
const CHARTED = 25;

/** Whether the figure moves by chance, or something happened. */
function Control({ id, grain, kpi }: { id: string; grain: string; kpi: Kpi }) {
  const { t, lang } = useWords();
  const shown = useShown();
  const asked = useQuery({
    queryKey: ['kpis', id, grain, 'chart'],
    queryFn: () => get<{ chart: Charted | null }>(`kpis/${id}`, { grain, count: CHARTED }),
  });
  if (!asked.data) return <Loading lines={4} />;
  const chart = asked.data.chart;
  if (!chart) return <p className="muted">{t('control-few')}</p>;
  return (
    <Suspense fallback={<Loading lines={4} />}>
      <ControlChart
        name={t('control-of', { name: name(lang, kpi) })}
        chart={{
          centre: Number(chart.centre),
          low: Number(chart.low),
          high: Number(chart.high),
          points: chart.points.map((p) => ({ ...p, value: Number(p.value) })),
        }}
        shown={(value) => shown(value, kpi.unit)}
        label={(from) => (grain === 'month' ? from.slice(0, 7) : from)}
      />
    </Suspense>
  );
}

/** One figure by the values of a dimension; each cell opens its cases. */
function Drill(props: {
  id: string;
  grain: string;
  search: Search;
  set: (change: Partial<Search>) => void;
}) {
  const { t, lang } = useWords();
  const shown = useShown();
  const { id, grain, search } = props;
  const [cell, setCell] = useState<{ from: string; until: string; value?: string }>();
  const asked = useQuery({
    queryKey: ['kpis', id, grain, search.dimension],
    queryFn: () => get<OneKpi>(`kpis/${id}`, { grain, count: 6, dimension: search.dimension }),
  });
  const behind = useQuery({
    queryKey: ['kpis', id, 'cases', cell, search.dimension],
    queryFn: () =>
      get<Cases>(`kpis/${id}/cases`, {
        from: cell?.from,
        until: cell?.until,
        ...(cell?.value === undefined ? {} : { dimension: search.dimension, value: cell.value }),
      }),
    enabled: cell !== undefined,
  });
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  const kpi = asked.data;
  if (!kpi) return <Loading lines={6} />;
  const rows = [{ value: undefined, cells: kpi.cells }, ...kpi.slices];
  return (
    <div className="stack">
      <section className="card">
        <header>
          <h2>{name(lang, kpi)}</h2>
        </header>
        <div className="in stack">
          <p className="muted formula">{kpi.formula}</p>
          <Control id={id} grain={grain} kpi={kpi} />
          <TargetForm key={kpi.set?.id ?? 'new'} kpi={kpi} />
          {kpi.dimensions.length > 0 && (
            <select
              className="input"
              aria-label={t('process-by')}
              value={search.dimension ?? ''}
              onChange={(e) => props.set({ dimension: e.target.value || undefined })}
            >
              <option value="">{t('process-by')}</option>
              {kpi.dimensions.map((one) => (
                <option key={one} value={one}>
                  {t(`dim-${one}`)}
                </option>
              ))}
            </select>
          )}
          <div className="scroll" role="region" aria-label={name(lang, kpi)} tabIndex={0}>
            <CardTable>
              <thead>
                <tr>
                  <th>{search.dimension ? t(`dim-${search.dimension}`) : t('all')}</th>
                  {kpi.cells.map((c) => (
                    <th key={c.from} className="num">
                      {grain === 'month' ? c.from.slice(0, 7) : c.from.slice(5)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.value ?? 'all'}>
                    <td>{row.value === undefined ? t('all') : row.value || t('dim-none')}</td>
                    {row.cells.map((c) => (
                      <td key={c.from} className={c.ripe ? 'num' : 'num muted'}>
                        <button
                          type="button"
                          className="linkish"
                          disabled={c.n === 0}
                          onClick={() =>
                            setCell({
                              from: c.from,
                              until: c.until,
                              ...(row.value === undefined ? {} : { value: row.value }),
                            })
                          }
                        >
                          {shown(c.value, kpi.unit)}
                        </button>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
          <p className="muted">{t('figures-ripe')}</p>
        </div>
      </section>
      {behind.data && <CaseList cases={behind.data} title={t('figures-behind')} />}
    </div>
  );
}
