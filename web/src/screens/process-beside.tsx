// Two periods or slices beside each other: both maps stand on the same places, and what differs is
// marked on them and listed beneath.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Failed } from '../ui/frames.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Loading } from '../ui/parts.tsx';
import { lasting, useActivity, type Edge, type Part, type ProcessMap } from './process-data.ts';
import { Drawing } from './process-map.tsx';

type Told = { count: number; cases: number; median: number; mean: number; p90: number };
type Path = { from: string; to: string; one: Told | null; two: Told | null };
type Beside = {
  case: string;
  cases: [number, number];
  nodes: { activity: string; place: number; counts: [number, number] }[];
  edges: Path[];
};
export type Other = {
  also_from?: string | undefined;
  also_until?: string | undefined;
  also_value?: string | undefined;
};

/** A quarter longer or shorter, and an hour at least, is a difference. */
const QUARTER = 1.25;
const HOUR = 3600;

type Change = 'only' | 'slower' | 'quicker' | 'same';
function change(a: Told | null, b: Told | null): Change {
  if (!a || !b) return 'only';
  if (Math.abs(a.median - b.median) < HOUR) return 'same';
  if (a.median > b.median * QUARTER) return 'slower';
  return b.median > a.median * QUARTER ? 'quicker' : 'same';
}

export default function BesideView(props: { part: Part; other: Other; activities: number; paths: number }) {
  const { t } = useWords();
  const { part, other, activities, paths } = props;
  const asked = useQuery({
    queryKey: ['process', 'compare', part, other, activities, paths],
    queryFn: () => get<Beside>('process/compare', { ...part, ...other, activities, paths }),
    placeholderData: keepPreviousData,
  });
  const panes = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const [chosen, choose] = useState<{ step: string; next?: string }>();
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  const both = asked.data;
  if (!both) return <Loading lines={8} />;
  const most = Math.max(...both.edges.flatMap((e) => [e.one?.count ?? 0, e.two?.count ?? 0]), 1);
  const side = (at: 0 | 1): { map: ProcessMap; changes: Map<string, Change> } => {
    const changes = new Map<string, Change>();
    const edges = both.edges.flatMap((e): Edge[] => {
      const [own, their] = at === 0 ? [e.one, e.two] : [e.two, e.one];
      if (!own) return [];
      changes.set(`${e.from}>${e.to}`, change(own, their));
      return [{ from: e.from, to: e.to, working: 0, ...own }];
    });
    const nodes = both.nodes.map((n) => ({
      activity: n.activity,
      place: n.place,
      count: n.counts[at],
      starts: 0,
      ends: 0,
    }));
    return { map: { case: both.case, cases: both.cases[at], nodes, edges, dimensions: [] }, changes };
  };
  // Both maps show the same corner.
  const follow = (from: 0 | 1): void => {
    const [own, their] = [panes[from]?.current, panes[1 - from]?.current];
    const [a, b] = [own?.querySelector('.map'), their?.querySelector('.map')];
    if (a && b && (a.scrollLeft !== b.scrollLeft || a.scrollTop !== b.scrollTop))
      b.scrollTo(a.scrollLeft, a.scrollTop);
  };
  return (
    <div className="stack">
      <div className="twins">
        {([0, 1] as const).map((at) => {
          const { map, changes } = side(at);
          const title = t(at === 0 ? 'beside-one' : 'beside-two', { cases: map.cases });
          return (
            <section key={at} className="card" ref={panes[at]} onScrollCapture={() => follow(at)}>
              <header>
                <h2>{title}</h2>
              </header>
              <Drawing map={map} name={title} chosen={chosen} choose={choose} moving={false} beside={{ changes, most }} />
            </section>
          );
        })}
      </div>
      <p className="legend muted">
        {(['slower', 'quicker', 'only', 'same'] as const).map((one) => (
          <span key={one} className={`mark-of ${one}`}>
            {t(`beside-${one}`)}
          </span>
        ))}
        <span>{t('beside-legend')}</span>
      </p>
      <Differences both={both} isForeign={part.log !== undefined} />
    </div>
  );
}

/** What differs, what costs or saves most time first. */
function Differences({ both, isForeign }: { both: Beside; isForeign: boolean }) {
  const { t, lang } = useWords();
  const name = useActivity(isForeign);
  const weight = (e: Path): number =>
    e.one && e.two
      ? Math.abs(e.two.median - e.one.median) * Math.min(e.one.count, e.two.count)
      : (e.one ?? e.two)!.median * (e.one ?? e.two)!.count;
  const rows = both.edges
    .filter((e) => change(e.one, e.two) !== 'same')
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, 40);
  const share = (of: Told | null, at: 0 | 1): string =>
    of ? `${Math.round((of.cases * 1000) / Math.max(both.cases[at], 1)) / 10}%` : '–';
  const title = t('beside-differences');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{count(lang, rows.length)}</span>
      </header>
      <div className="in scroll" role="region" aria-label={title} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{t('map-ways')}</th>
              <th className="num">{t('beside-share', { nth: 1 })}</th>
              <th className="num">{t('beside-share', { nth: 2 })}</th>
              <th className="num">{t('beside-median', { nth: 1 })}</th>
              <th className="num">{t('beside-median', { nth: 2 })}</th>
              <th>{t('beside-change')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((e) => (
              <tr key={`${e.from}>${e.to}`}>
                <td>
                  {name(e.from)} → {name(e.to)}
                </td>
                <td className="num">{share(e.one, 0)}</td>
                <td className="num">{share(e.two, 1)}</td>
                <td className="num">{e.one ? lasting(lang, e.one.median) : '–'}</td>
                <td className="num">{e.two ? lasting(lang, e.two.median) : '–'}</td>
                <td>
                  {e.one && e.two ? (
                    <span className={`tag ${e.two.median > e.one.median ? 'bad' : 'ok'}`}>
                      {e.two.median > e.one.median ? '+' : '−'}
                      {lasting(lang, Math.abs(e.two.median - e.one.median))}
                    </span>
                  ) : (
                    <span className="tag info">{t(e.one ? 'beside-only-one' : 'beside-only-two')}</span>
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
