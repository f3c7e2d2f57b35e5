// Own small charts: drawn as SVG, walked by keyboard, with a table behind each.
import { useState, type KeyboardEvent } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { approximate } from '../lib/number.ts';

export type Point = { key: string; label: string; value: string; shown: string };

const W = 320;
const H = 84;

/** Bars over time. Arrow keys walk them; what is pointed at is said in words. */
export function Bars({ name, points, color }: { name: string; points: Point[]; color: string }) {
  const { t } = useWords();
  const [at, setAt] = useState<number | null>(null);
  const values = points.map((p) => approximate(p.value));
  const top = Math.max(...values, 1);
  const low = Math.min(...values, 0);
  const y = (value: number): number => H - ((value - low) / (top - low)) * (H - 4);
  const step = W / points.length;
  const walk = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(points.length - 1, (at ?? (by > 0 ? -1 : points.length)) + by)));
  };
  const shown = at === null ? undefined : points[at];
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${W} ${H + 2}`}
        role="img"
        aria-label={t('chart-of', { name })}
        tabIndex={0}
        onKeyDown={walk}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        preserveAspectRatio="none"
      >
        {points.map((p, n) => {
          const value = values[n] ?? 0;
          const h = Math.abs(y(value) - y(0));
          return (
            <g key={p.key} onPointerEnter={() => setAt(n)}>
              <rect x={n * step} y={0} width={step} height={H + 2} fill="transparent" />
              <rect
                x={n * step + step * 0.16}
                y={Math.min(y(value), y(0))}
                width={step * 0.68}
                height={Math.max(h, value === 0 ? 1 : 2)}
                rx={2}
                fill={`var(--st-${color})`}
                opacity={at === n ? 1 : n === points.length - 1 ? 0.95 : 0.45}
              />
            </g>
          );
        })}
      </svg>
      <figcaption aria-live="polite">
        {shown ? (
          <>
            <b>{shown.shown}</b> {shown.label}
          </>
        ) : (
          <span className="ends">
            <span>{points[0]?.label}</span>
            <span>{points[points.length - 1]?.label}</span>
          </span>
        )}
      </figcaption>
      <table className="sr">
        <caption>{name}</caption>
        <tbody>
          {points.map((p) => (
            <tr key={p.key}>
              <th scope="row">{p.label}</th>
              <td>{p.shown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** Parts of a whole side by side, each with its figure. */
export function Parts({
  name,
  parts,
}: {
  name: string;
  parts: { key: string; label: string; value: string; shown: string; color: string }[];
}) {
  const total = parts.reduce((all, p) => all + Math.max(0, approximate(p.value)), 0);
  return (
    <figure className="parts">
      <div
        className="bar"
        role="img"
        aria-label={`${name}: ${parts.map((p) => `${p.label} ${p.shown}`).join(', ')}`}
      >
        {parts.map((p) => (
          <i
            key={p.key}
            style={{
              width: total > 0 ? `${(Math.max(0, approximate(p.value)) / total) * 100}%` : '0',
              background: p.color,
            }}
          />
        ))}
      </div>
      <figcaption>
        {parts.map((p) => (
          <span key={p.key}>
            <i style={{ background: p.color }} aria-hidden />
            {p.label} <b>{p.shown}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
