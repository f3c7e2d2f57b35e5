// What every chart shares: arrow keys walk its points, what is pointed at is said in words beneath,
// and a table stands behind it for whoever does not see it.
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';

export type Told = {
  key: string;
  label: string;
  /** The figure as people read it. */
  shown: string;
  /** What else is to be said of it. */
  more?: string | undefined;
};

export type Pointed = { at: number | null; point: (at: number | null) => void };

type Props = {
  name: string;
  className: string;
  points: Told[];
  /** Words of the caption while nothing is pointed at. */
  rest?: ReactNode;
  /** Heads of the table behind: what a point is, its figure, what else is said. */
  heads: string[];
  /** Are there buttons among what is drawn? */
  opens?: boolean;
  children: (pointed: Pointed) => ReactNode;
};

export function ChartFrame({ name, className, points, rest, heads, opens = false, children }: Props) {
  const { t } = useWords();
  const [at, point] = useState<number | null>(null);
  const walk = (event: KeyboardEvent): void => {
    const by = ['ArrowRight', 'ArrowDown'].includes(event.key)
      ? 1
      : ['ArrowLeft', 'ArrowUp'].includes(event.key)
        ? -1
        : 0;
    if (event.key === 'Escape') point(null);
    if (by === 0 || points.length === 0) return;
    event.preventDefault();
    point(Math.max(0, Math.min(points.length - 1, (at ?? (by > 0 ? -1 : points.length)) + by)));
  };
  const said = at === null ? undefined : points[at];
  return (
    <figure className={`chart ${className}`}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys walk it */}
      <div
        className="drawn"
        role={opens ? 'group' : 'img'}
        aria-label={t('chart-walk', { name })}
        tabIndex={0}
        onKeyDown={walk}
        onBlur={() => point(null)}
        onPointerLeave={() => point(null)}
      >
        {children({ at, point })}
      </div>
      <figcaption aria-live="polite">
        {said ? (
          <>
            {said.label} <b>{said.shown}</b> {said.more}
          </>
        ) : (
          rest
        )}
      </figcaption>
      {/* A table grows with its words, whatever it is told: the place around it does not. */}
      <div className="sr">
        <table>
          <caption>{name}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((p) => (
              <tr key={p.key}>
                <th scope="row">{p.label}</th>
                <td>{p.shown}</td>
                {heads.length > 2 && <td>{p.more}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** How wide a place is drawn, so that text in a drawing keeps its size. */
export function useWidth(usual: number) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(usual);
  useLayoutEffect(() => {
    const drawn = place.current;
    if (!drawn) return;
    const seen = new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    seen.observe(drawn);
    return () => seen.disconnect();
  }, []);
  return [place, width] as const;
}
