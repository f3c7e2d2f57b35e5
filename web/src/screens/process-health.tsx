// The company's health in one look: shares that ought to be whole, now and a year before.
import { useWords } from '../lib/i18n.tsx';
import Radar, { type Axis } from '../ui/chart-radar.tsx';
import { latest, name, useShown, type Cell, type Kpi } from './process-figures-data.ts';

/** As many axes as can still be told apart, and as few as make a shape. */
const MOST = 7;
const LEAST = 3;
/** Of each part of the work, so that none of them fills the circle. */
const OF_A_GROUP = 2;

const said = (cell: Cell | undefined): number | undefined =>
  typeof cell?.value === 'number' ? cell.value : undefined;

/** Shares of a hundred that are better the higher they are, and can be said now. */
function shares(kpis: Kpi[]): Kpi[] {
  const fit = kpis.filter(
    (k) => k.unit === '%' && k.direction === 'up' && (said(latest(k.cells)) ?? 101) <= 100,
  );
  const taken = new Map<string, number>();
  // What has a target is what the company looks at.
  const ordered = [...fit].sort((a, b) => Number(b.target !== null) - Number(a.target !== null));
  return ordered
    .filter((k) => {
      const so = taken.get(k.group) ?? 0;
      taken.set(k.group, so + 1);
      return so < OF_A_GROUP;
    })
    .slice(0, MOST);
}

export default function Health({ kpis }: { kpis: Kpi[] }) {
  const { t, lang } = useWords();
  const shown = useShown();
  const chosen = shares(kpis);
  if (chosen.length < LEAST) return null;
  const axes: Axis[] = chosen.map((k) => {
    const now = said(latest(k.cells));
    const before = said(k.cells.find((c) => c.ripe && c.value !== null));
    return {
      key: k.id,
      label: name(lang, k),
      short: name(lang, k).replace(/\s*[(（][^)）]*[)）]$/, ''),
      share: now === undefined ? null : Math.max(now, 0) / 100,
      before: before === undefined ? null : Math.min(Math.max(before, 0), 100) / 100,
      shown: shown(now, k.unit),
      more: before === undefined ? undefined : t('health-before', { value: shown(before, k.unit) }),
    };
  });
  return (
    <section className="card">
      <header>
        <h2>{t('health-title')}</h2>
      </header>
      <div className="in">
        <Radar
          name={t('health-title')}
          axes={axes}
          heads={[t('chart-measure'), t('health-now'), t('health-then')]}
        />
      </div>
    </section>
  );
}
