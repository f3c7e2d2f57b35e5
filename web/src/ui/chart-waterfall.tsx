// A waterfall: from one amount to another, step by step. It lies on its side, so that words and
// amounts have room on a phone too.
import { add, approximate, isZero, sign } from '../lib/number.ts';
import { ChartFrame } from './chart-frame.tsx';

export type Fall = {
  key: string;
  label: string;
  /** What is added, as exact text; of a level, where it stands. */
  amount: string;
  shown: string;
  /** A level that the steps lead from or to, not a step. */
  level?: boolean;
};

export default function Waterfall({ name, falls, heads }: { name: string; falls: Fall[]; heads: string[] }) {
  let stands = '0';
  const drawn = falls
    .filter((fall) => fall.level || !isZero(fall.amount))
    .map((fall) => {
      const from = fall.level ? '0' : stands;
      stands = fall.level ? fall.amount : add([stands, fall.amount]);
      return { ...fall, from: approximate(from), to: approximate(stands) };
    });
  const all = [0, ...drawn.flatMap((fall) => [fall.from, fall.to])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (value: number): number => ((value - least) / (most - least || 1)) * 100;
  return (
    <ChartFrame name={name} className="waterfall" points={drawn} heads={heads}>
      {({ at, point }) => (
        <ol>
          {drawn.map((fall, n) => {
            const [a, b] = [x(Math.min(fall.from, fall.to)), x(Math.max(fall.from, fall.to))];
            const tone = fall.level ? 'level' : sign(fall.amount) < 0 ? 'less' : 'more';
            const next = drawn[n + 1];
            return (
              <li key={fall.key} onPointerEnter={() => point(n)} data-on={at === n || undefined}>
                <span className="what">{fall.label}</span>
                <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden>
                  <line className="zero" x1={x(0)} x2={x(0)} y1={0} y2={20} />
                  <rect className={tone} x={a} y={4} width={Math.max(b - a, 0.4)} height={12} />
                  {next && <line className="on" x1={x(fall.to)} x2={x(fall.to)} y1={16} y2={20} />}
                  {n > 0 && !fall.level && (
                    <line className="on" x1={x(fall.from)} x2={x(fall.from)} y1={0} y2={4} />
                  )}
                </svg>
                <b className={`num ${tone}`}>{fall.shown}</b>
              </li>
            );
          })}
        </ol>
      )}
    </ChartFrame>
  );
}
