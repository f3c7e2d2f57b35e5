// The map of the process, drawn as SVG: fixed lanes by stage, width for how often, colour for how
// long. Paths are buttons in the table beneath it, for whoever does not point; a phone, on which six
// lanes have no room, gets the steps as a list.
import { useMemo } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { PHONE, useUpTo } from '../lib/wide.ts';
import { CardTable } from '../ui/card-table.tsx';
import {
  laneOf,
  lasting,
  STAGES,
  stageOf,
  useActivity,
  type Chosen,
  type Edge,
  type ProcessMap,
} from './process-data.ts';
import { Steps } from './process-steps.tsx';

const W = 200;
const H = 34;
const GAP_X = 62;
const GAP_Y = 30;
const TOP = 30;

const PARTS = ['part-0', 'part-1', 'part-2', 'part-3', 'part-4'] as const;

type Spot = { x: number; y: number };

/** Lanes that are used, and where each activity stands: by lane, the earliest first. */
function layout(map: ProcessMap): { spots: Map<string, Spot>; lanes: string[]; height: number } {
  const laneOfNode = laneOf(map);
  const known = map.case === '' ? PARTS : STAGES;
  const lanes = known.filter((lane) => map.nodes.some((n) => laneOfNode(n) === lane));
  const spots = new Map<string, Spot>();
  let height = 0;
  for (const [at, lane] of lanes.entries()) {
    const own = map.nodes
      .filter((n) => laneOfNode(n) === lane)
      .sort((a, b) => a.place - b.place);
    for (const [row, node] of own.entries()) {
      const y = TOP + 10 + row * (H + GAP_Y);
      spots.set(node.activity, { x: 10 + at * (W + GAP_X), y });
      height = Math.max(height, y + H + 24);
    }
  }
  return { spots, lanes: [...lanes], height };
}

/** Four tones by the median wait: hours, days, a week, more. */
export const tone = (seconds: number): string =>
  seconds < 4 * 3600 ? 'quick' : seconds < 2 * 86_400 ? 'mild' : seconds < 7 * 86_400 ? 'long' : 'longest';

function path(a: Spot, b: Spot): string {
  const same = a.x === b.x;
  if (same && a.y === b.y) {
    const x = a.x + W;
    return `M${x} ${a.y + 8} C ${x + 34} ${a.y - 6}, ${x + 34} ${a.y + H + 6}, ${x} ${a.y + H - 8}`;
  }
  if (same) {
    const down = b.y > a.y;
    const x = down ? a.x + W * 0.35 : a.x + W * 0.65;
    const bow = Math.abs(b.y - a.y) > H + GAP_Y + 4 ? (down ? -46 : 46) : 0;
    const from = down ? a.y + H : a.y;
    const to = down ? b.y : b.y + H;
    return `M${x} ${from} C ${x + bow} ${from + (to - from) / 3}, ${x + bow} ${to - (to - from) / 3}, ${x} ${to}`;
  }
  const forward = b.x > a.x;
  const [x1, x2] = forward ? [a.x + W, b.x] : [a.x, b.x + W];
  const [y1, y2] = [a.y + H / 2 + (forward ? -5 : 5), b.y + H / 2 + (forward ? -5 : 5)];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
}

type Drawn = {
  map: ProcessMap;
  name: string;
  chosen: Chosen | undefined;
  choose: (what: Chosen) => void;
  /** Cases flow along the paths: many where there are many, slowly where they wait. */
  moving: boolean;
  /** Another map on the same places: what differs there, and the width of both. */
  beside?: { changes: Map<string, string>; most: number };
};

export function Drawing(props: Drawn) {
  const isPhone = useUpTo(PHONE);
  const mark = (e: Edge): string =>
    props.beside ? (props.beside.changes.get(`${e.from}>${e.to}`) ?? 'same') : tone(e.median);
  return isPhone ? <Steps {...props} mark={mark} /> : <Lanes {...props} mark={mark} />;
}

function Lanes(props: Drawn & { mark: (edge: Edge) => string }) {
  const { t, lang } = useWords();
  const { map, chosen, mark } = props;
  const { spots, lanes, height } = useMemo(() => layout(map), [map]);
  const width = Math.max(lanes.length * (W + GAP_X) - GAP_X + 60, 300);
  const most = props.beside?.most ?? Math.max(...map.edges.map((e) => e.count), 1);
  const is = (e: Edge): boolean => chosen?.step === e.from && chosen.next === e.to;
  const label = useActivity(map.case === '');
  return (
    <div className="map scroll" role="region" aria-label={props.name} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={props.name}>
        {lanes.map((lane, at) => (
          <g key={lane}>
            <rect
              x={at * (W + GAP_X)}
              y={0}
              width={W + 20}
              height={height}
              rx={10}
              className="lane"
            />
            {map.case !== '' && (
              <text x={at * (W + GAP_X) + 12} y={20} className="lane-name" fill={`var(--st-${lane})`}>
                {t(`river-${lane}`)}
              </text>
            )}
          </g>
        ))}
        {map.edges.map((e) => {
          const [a, b] = [spots.get(e.from), spots.get(e.to)];
          if (!a || !b) return null;
          const back = b.x < a.x || (b.x === a.x && b.y < a.y);
          return (
            <path
              key={`${e.from}>${e.to}`}
              d={path(a, b)}
              className={`way ${mark(e)}${back ? ' back' : ''}${is(e) ? ' on' : ''}`}
              strokeWidth={1.2 + 7 * Math.sqrt(e.count / most)}
              onClick={() => props.choose({ step: e.from, next: e.to })}
            >
              <title>
                {t('map-way', {
                  from: label(e.from),
                  to: label(e.to),
                  count: e.count,
                  median: lasting(lang, e.median),
                })}
              </title>
            </path>
          );
        })}
        {props.moving &&
          map.edges.map((e) => {
            const [a, b] = [spots.get(e.from), spots.get(e.to)];
            if (!a || !b) return null;
            const gap = 14 + 90 * (1 - Math.sqrt(e.count / most));
            return (
              <path
                key={`${e.from}>${e.to} flow`}
                d={path(a, b)}
                className="flow"
                aria-hidden
                strokeDasharray={`0.1 ${gap}`}
                style={{
                  animationDuration: `${1.5 + 1.5 * Math.log10(1 + e.median / 600)}s`,
                  ['--gap' as never]: `${-gap}px`,
                }}
              />
            );
          })}
        {map.nodes.map((n) => {
          const spot = spots.get(n.activity);
          if (!spot) return null;
          const begins = map.starts?.includes(n.activity);
          const ends = map.ends?.includes(n.activity);
          return (
            <g
              key={n.activity}
              className={`step${chosen?.step === n.activity && !chosen.next ? ' on' : ''}`}
              onClick={() => props.choose({ step: n.activity })}
            >
              <rect x={spot.x} y={spot.y} width={W} height={H} rx={8} />
              <rect
                x={spot.x}
                y={spot.y}
                width={4}
                height={H}
                rx={2}
                className="mark"
                fill={map.case === '' ? 'var(--accent)' : `var(--st-${stageOf(n.activity)})`}
              />
              <text x={spot.x + 12} y={spot.y + 21}>
                {begins ? '▸ ' : ''}
                {label(n.activity).slice(0, 18)}
                {ends ? ' ■' : ''}
              </text>
              <text x={spot.x + W - 8} y={spot.y + 21} textAnchor="end" className="n">
                {count(lang, n.count)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** The same paths as a table; each opens its cases. */
export function Ways(props: {
  map: ProcessMap;
  name: string;
  chosen: Chosen | undefined;
  choose: (what: Chosen) => void;
}) {
  const { t, lang } = useWords();
  const label = useActivity(props.map.case === '');
  const byTime = [...props.map.edges].sort((a, b) => b.mean * b.count - a.mean * a.count);
  return (
    <div className="scroll" role="region" aria-label={props.name} tabIndex={0}>
      <CardTable>
        <thead>
          <tr>
            <th>{t('map-ways')}</th>
            <th className="num">{t('map-times')}</th>
            <th className="num">{t('map-median')}</th>
            <th className="num">{t('map-p90')}</th>
            <th className="num">{t('map-working')}</th>
          </tr>
        </thead>
        <tbody>
          {byTime.slice(0, 20).map((e) => (
            <tr
              key={`${e.from}>${e.to}`}
              data-on={(props.chosen?.step === e.from && props.chosen.next === e.to) || undefined}
            >
              <td>
                <button
                  type="button"
                  className="linkish"
                  onClick={() => props.choose({ step: e.from, next: e.to })}
                >
                  {label(e.from)} → {label(e.to)}
                </button>
              </td>
              <td className="num">{count(lang, e.count)}</td>
              <td className="num">
                <span className={`wait ${tone(e.median)}`}>{lasting(lang, e.median)}</span>
              </td>
              <td className="num">{lasting(lang, e.p90)}</td>
              <td className="num">{lasting(lang, e.working)}</td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}
