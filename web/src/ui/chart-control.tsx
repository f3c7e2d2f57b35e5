// A control chart: a figure over time within its natural limits, with what is no chance marked.
import { useWords } from '../lib/i18n.tsx';
import { ChartFrame, useWidth } from './chart-frame.tsx';

export type Mark = 'outside' | 'shift' | 'drift';
export type Controlled = {
  centre: number;
  low: number;
  high: number;
  points: { from: string; value: number; mark: Mark | null }[];
};

const H = 190;
const LEFT = 8;
/** Room for the limits' figures, right of the line. */
const RIGHT = 74;
const TOP = 14;
const FOOT = 22;

export default function ControlChart(props: {
  name: string;
  chart: Controlled;
  shown: (value: number) => string;
  label: (from: string) => string;
}) {
  const { t } = useWords();
  const { name, chart, shown, label } = props;
  const [place, width] = useWidth(560);
  const { centre, low, high, points } = chart;
  const all = [low, high, ...points.map((p) => p.value)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const y = (value: number): number =>
    TOP + (1 - (value - least) / (most - least || 1)) * (H - TOP - FOOT);
  const step = (width - LEFT - RIGHT) / Math.max(points.length - 1, 1);
  const x = (at: number): number => LEFT + at * step;
  const told = points.map((p) => ({
    key: p.from,
    label: label(p.from),
    shown: shown(p.value),
    more: p.mark ? t(`mark-${p.mark}`) : undefined,
  }));
  const marked = points.filter((p) => p.mark).length;
  const lines = [
    { key: 'high', value: high },
    { key: 'centre', value: centre },
    { key: 'low', value: low },
  ];
  return (
    <div ref={place} className="chart-place">
      <ChartFrame
        name={name}
        className="control"
        points={told}
        heads={[t('chart-period'), t('chart-value'), t('chart-mark')]}
        rest={t('control-said', {
          marked,
          centre: shown(centre),
          low: shown(low),
          high: shown(high),
        })}
      >
        {({ at, point }) => (
          <svg width={width} height={H} aria-hidden>
            <rect
              className="band"
              x={LEFT}
              y={y(high)}
              width={Math.max(width - LEFT - RIGHT, 0)}
              height={Math.max(y(low) - y(high), 0)}
            />
            {lines.map((line) => (
              <g key={line.key} className={`limit ${line.key}`}>
                <line x1={LEFT} x2={width - RIGHT} y1={y(line.value)} y2={y(line.value)} />
                <text x={width - RIGHT + 6} y={y(line.value) + 4}>
                  {shown(line.value)}
                </text>
              </g>
            ))}
            <polyline points={points.map((p, n) => `${x(n)},${y(p.value)}`).join(' ')} />
            {points.map((p, n) => (
              <g key={p.from} onPointerEnter={() => point(n)}>
                <rect
                  x={x(n) - step / 2}
                  y={0}
                  width={Math.max(step, 8)}
                  height={H}
                  fill="transparent"
                />
                {/* Not by colour alone: what is no chance is a square. */}
                {p.mark ? (
                  <rect
                    className={`mark ${p.mark}`}
                    x={x(n) - (at === n ? 6 : 4.5)}
                    y={y(p.value) - (at === n ? 6 : 4.5)}
                    width={at === n ? 12 : 9}
                    height={at === n ? 12 : 9}
                  />
                ) : (
                  <circle cx={x(n)} cy={y(p.value)} r={at === n ? 5 : 3} />
                )}
              </g>
            ))}
            <text className="end" x={LEFT} y={H - 6}>
              {told[0]?.label}
            </text>
            <text className="end" x={width - RIGHT} y={H - 6} textAnchor="end">
              {told[told.length - 1]?.label}
            </text>
          </svg>
        )}
      </ChartFrame>
    </div>
  );
}
