// A radar: several measures of the same scale about one centre.
import { useWords } from '../lib/i18n.tsx';
import { ChartFrame, useWidth } from './chart-frame.tsx';

export type Axis = {
  key: string;
  label: string;
  /** The label without what only explains it; beside the circle there is little room. */
  short?: string;
  /** 0 to 1; nothing where it cannot be said. */
  share: number | null;
  shown: string;
  /** Where it stood before, in the same measure. */
  before?: number | null;
  more?: string | undefined;
};

const RINGS = [0.25, 0.5, 0.75, 1];
const MOST = 560;
/** Room for what stands about the circle. */
const ABOUT = 34;

/** About as wide as a text is drawn: a Chinese character is a square, a letter half of one. */
const wide = (text: string): number =>
  [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 12.2 : 6.8), 0);

/** A label in lines that fit beside the circle. */
function lines(text: string, room: number): string[] {
  const parts = text.match(/(?:[\u2e80-\uffff]|[^\s\u2e80-\uffff]+)\s*/g) ?? [text];
  const all: string[] = [];
  for (const part of parts) {
    const last = all[all.length - 1];
    if (last !== undefined && wide(last + part) <= room) all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

export default function Radar({ name, axes, heads }: { name: string; axes: Axis[]; heads: string[] }) {
  const { t } = useWords();
  const [place, given] = useWidth(MOST);
  const width = Math.min(given, MOST);
  const side = Math.min(Math.max(...axes.map((axis) => wide(axis.short ?? axis.label))) + 14, width * 0.29);
  const radius = Math.max(48, Math.min((width - 2 * side) / 2, 130));
  const [cx, cy] = [width / 2, radius + ABOUT];
  const at = (n: number, share: number): [number, number] => {
    const angle = (n / axes.length) * 2 * Math.PI - Math.PI / 2;
    return [cx + Math.cos(angle) * radius * share, cy + Math.sin(angle) * radius * share];
  };
  const ring = (share: number): string => axes.map((_, n) => at(n, share).join()).join(' ');
  const hasBefore = axes.every((axis) => typeof axis.before === 'number');
  const known = axes.map((axis, n) => ({ axis, n })).filter(({ axis }) => axis.share !== null);
  return (
    <div ref={place} className="chart-place">
      <ChartFrame name={name} className="radar" points={axes} heads={heads} rest={t('radar-said', { before: hasBefore ? 'yes' : 'no' })}>
        {({ at: pointed, point }) => (
          <svg width={width} height={2 * (radius + ABOUT)} aria-hidden>
            {RINGS.map((share) => (
              <polygon key={share} className="ring" points={ring(share)} />
            ))}
            {axes.map((axis, n) => {
              const [x, y] = at(n, 1);
              return <line key={axis.key} className="ring" x1={cx} y1={cy} x2={x} y2={y} />;
            })}
            {hasBefore && (
              <polygon
                className="before"
                points={axes.map((axis, n) => at(n, axis.before ?? 0).join()).join(' ')}
              />
            )}
            <polygon
              className="area"
              points={known.map(({ axis, n }) => at(n, axis.share ?? 0).join()).join(' ')}
            />
            {axes.map((axis, n) => {
              const [x, y] = at(n, axis.share ?? 0);
              const [tx, ty] = at(n, 1);
              const anchor = Math.abs(tx - cx) < 4 ? 'middle' : tx > cx ? 'start' : 'end';
              const said = lines(axis.short ?? axis.label, anchor === 'middle' ? 200 : side - 10);
              const out = anchor === 'middle' ? 0 : tx > cx ? 8 : -8;
              const up = Math.abs(tx - cx) < 4 ? (ty < cy ? -22 : 14) : ty > cy + 20 ? 6 : -4;
              return (
                <g key={axis.key} onPointerEnter={() => point(n)} data-on={pointed === n || undefined}>
                  <text
                    x={tx + out}
                    y={ty + up - (said.length - 1) * (ty > cy + 20 ? 0 : 7)}
                    textAnchor={anchor}
                  >
                    {said.map((line, at) => (
                      <tspan key={line} x={tx + out} dy={at === 0 ? 0 : 14}>
                        {line}
                      </tspan>
                    ))}
                    <tspan className="figure" x={tx + out} dy={15}>
                      {axis.shown}
                    </tspan>
                  </text>
                  {axis.share !== null && <circle cx={x} cy={y} r={pointed === n ? 6 : 4} />}
                </g>
              );
            })}
          </svg>
        )}
      </ChartFrame>
    </div>
  );
}
