// The tree of figures: what the company is for, the four goals, the parts of the work below each, and
// the figures that move them. Each leaf opens its drill.
import { useWords } from '../lib/i18n.tsx';
import { latest, name, TONE, useShown, type Kpi } from './process-figures-data.ts';

export const GOALS = ['cash', 'satisfaction', 'efficiency', 'competitiveness'] as const;

/** How many figures are green, amber and red. */
function Bands({ kpis }: { kpis: Kpi[] }) {
  const { t } = useWords();
  return (
    <span className="bands">
      {['green', 'amber', 'red'].map((band) => {
        const n = kpis.filter((k) => k.band === band).length;
        return n > 0 ? (
          <span key={band} className={`tag ${TONE[band] ?? ''}`}>
            {t(`band-${band}`)} {n}
          </span>
        ) : null;
      })}
    </span>
  );
}

export default function Tree(props: {
  kpis: Kpi[];
  chosen: string | undefined;
  choose: (id: string) => void;
}) {
  const { t, lang } = useWords();
  const shown = useShown();
  const { kpis } = props;
  const title = t('figures-tree');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{t('figures-tree-sub')}</span>
      </header>
      <div className="in scroll" role="region" aria-label={title} tabIndex={0}>
        <ul className="tree">
          <li>
            <span className="box root">{t('figures-root')}</span>
            <ul>
              {GOALS.map((goal) => {
                const own = kpis.filter((k) => k.goal === goal);
                const groups = [...new Set(own.map((k) => k.group))];
                return (
                  <li key={goal}>
                    <span className={`box goal ${goal}`}>
                      <b>{t(`goal-${goal}`)}</b>
                      <Bands kpis={own} />
                    </span>
                    <ul>
                      {groups.map((group) => (
                        <li key={group}>
                          <span className="box">{t(`group-${group}`)}</span>
                          <ul>
                            {own
                              .filter((k) => k.group === group)
                              .map((k) => (
                                <li key={k.id}>
                                  <button
                                    type="button"
                                    className="box leaf"
                                    data-band={k.band ?? undefined}
                                    aria-pressed={props.chosen === k.id}
                                    onClick={() => props.choose(k.id)}
                                  >
                                    <span>{name(lang, k)}</span>
                                    <b>{shown(latest(k.cells)?.value, k.unit)}</b>
                                    {k.band && <span className={`tag ${TONE[k.band] ?? ''}`}>{t(`band-${k.band}`)}</span>}
                                  </button>
                                </li>
                              ))}
                          </ul>
                        </li>
                      ))}
                    </ul>
                  </li>
                );
              })}
            </ul>
          </li>
        </ul>
      </div>
    </section>
  );
}
