// A funnel: how many of those that came in reach each step, and how many of the step before.
import { count as counted } from '../lib/number.ts';
import { useWords } from '../lib/i18n.tsx';
import { ChartFrame } from './chart-frame.tsx';

export type Step = {
  key: string;
  label: string;
  count: number;
  /** What they are worth, as people read it. */
  worth?: string | undefined;
  color: string;
  open?: (() => void) | undefined;
};

/** A narrow end is still seen. */
const LEAST = 1.5;

export default function Funnel({ name, steps, heads }: { name: string; steps: Step[]; heads: string[] }) {
  const { t, lang } = useWords();
  const most = Math.max(...steps.map((s) => s.count), 1);
  const width = (of: Step | undefined): number =>
    of === undefined || of.count === 0 ? 0 : Math.max((of.count / most) * 100, LEAST);
  const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 });
  const told = steps.map((step, n) => {
    const before = steps[n - 1];
    const share = before && before.count > 0 ? percent.format(step.count / before.count) : undefined;
    return {
      key: step.key,
      label: step.label,
      shown: counted(lang, step.count),
      share,
      more: [share && t('funnel-of', { share }), step.worth].filter(Boolean).join(' · ') || undefined,
    };
  });
  return (
    <ChartFrame name={name} className="funnel" points={told} heads={heads} opens>
      {({ at, point }) => (
        <ol>
          {steps.map((step, n) => {
            const [here, next] = [width(step), width(steps[n + 1] ?? step)];
            return (
              <li key={step.key} onPointerEnter={() => point(n)} data-on={at === n || undefined}>
                <span className="what">{step.label}</span>
                <svg viewBox="0 0 100 44" preserveAspectRatio="none" aria-hidden>
                  <polygon
                    fill={`var(--st-${step.color})`}
                    points={`${50 - here / 2},0 ${50 + here / 2},0 ${50 + next / 2},44 ${50 - next / 2},44`}
                  />
                </svg>
                <span className="figure">
                  {step.open ? (
                    <button type="button" className="linkish" onClick={step.open}>
                      <b>{told[n]?.shown}</b>
                    </button>
                  ) : (
                    <b>{told[n]?.shown}</b>
                  )}
                  {told[n]?.more && <small>{told[n]?.more}</small>}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </ChartFrame>
  );
}
