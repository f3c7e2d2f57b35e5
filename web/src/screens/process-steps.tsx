// The map of the process as a list, for a phone: each step in the order of its stage, with the paths
// that leave it. It shows and opens what the drawing does.
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import {
  laneOf,
  lasting,
  stageOf,
  STAGES,
  useActivity,
  type Chosen,
  type Edge,
  type ProcessMap,
} from './process-data.ts';

const PARTS = ['part-0', 'part-1', 'part-2', 'part-3', 'part-4'];

/** Steps by lane, the earliest first. */
function inOrder(map: ProcessMap) {
  const lane = laneOf(map);
  const lanes: readonly string[] = map.case === '' ? PARTS : STAGES;
  return lanes
    .map((name) => ({
      name,
      nodes: map.nodes.filter((n) => lane(n) === name).sort((a, b) => a.place - b.place),
    }))
    .filter((l) => l.nodes.length > 0);
}

export function Steps(props: {
  map: ProcessMap;
  name: string;
  chosen: Chosen | undefined;
  choose: (what: Chosen) => void;
  /** How a path is marked: how long it waits, or how it differs from another map. */
  mark: (edge: Edge) => string;
}) {
  const { t, lang } = useWords();
  const { map, chosen } = props;
  const isOurs = map.case !== '';
  const label = useActivity(!isOurs);
  const from = (activity: string): Edge[] =>
    map.edges.filter((e) => e.from === activity).sort((a, b) => b.count - a.count);
  return (
    <ol className="map-steps" aria-label={props.name}>
      {inOrder(map).map((lane) => (
        <li key={lane.name}>
          {isOurs && (
            <b className="stage" style={{ '--c': `var(--st-${lane.name})` } as never}>
              {t(`river-${lane.name}`)}
            </b>
          )}
          <ol>
            {lane.nodes.map((n) => (
              <li
                key={n.activity}
                style={{ '--c': isOurs ? `var(--st-${stageOf(n.activity)})` : 'var(--accent)' } as never}
              >
                <button
                  type="button"
                  className="what"
                  aria-pressed={chosen?.step === n.activity && !chosen.next}
                  onClick={() => props.choose({ step: n.activity })}
                >
                  <span className="grow">
                    {label(n.activity)}
                    {map.starts?.includes(n.activity) && (
                      <small className="muted">{t('map-starts')}</small>
                    )}
                    {map.ends?.includes(n.activity) && (
                      <small className="muted">{t('map-ends')}</small>
                    )}
                  </span>
                  <b className="num">{count(lang, n.count)}</b>
                </button>
                {from(n.activity).map((e) => (
                  <button
                    key={e.to}
                    type="button"
                    className={`out ${props.mark(e)}`}
                    aria-pressed={chosen?.step === e.from && chosen.next === e.to}
                    onClick={() => props.choose({ step: e.from, next: e.to })}
                  >
                    <span className="grow">→ {label(e.to)}</span>
                    <span className="num">{count(lang, e.count)}</span>
                    <span className={`num wait ${props.mark(e)}`}>{lasting(lang, e.median)}</span>
                  </button>
                ))}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
