// Small parts that every screen is made of.
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useId, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { useWords } from '../lib/i18n.tsx';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: string; busy?: boolean };

export function Button({
  kind = '',
  busy = false,
  children,
  className = '',
  ...more
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`btn ${kind} ${className}`.trim()}
      aria-busy={busy}
      {...more}
      disabled={more.disabled || busy}
    >
      {busy && <span className="spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A label with its input, its error and what helps. The input gets the ids by the callback. */
export function Labelled(props: {
  label: string;
  required?: boolean | undefined;
  error?: string | undefined;
  hint?: string | undefined;
  wide?: boolean;
  children: (ids: {
    id: string;
    'aria-invalid': boolean | undefined;
    'aria-describedby': string | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const said = props.error ?? props.hint;
  return (
    <div className={props.wide ? 'field wide' : 'field'}>
      <label htmlFor={id}>
        {props.label}
        {props.required && (
          <span className="req" aria-hidden>
            *
          </span>
        )}
      </label>
      {props.children({
        id,
        'aria-invalid': props.error ? true : undefined,
        'aria-describedby': said ? `${id}-x` : undefined,
      })}
      {said && (
        <span
          id={`${id}-x`}
          className={props.error ? 'err' : 'hint'}
          role={props.error ? 'alert' : undefined}
        >
          {said}
        </span>
      )}
    </div>
  );
}

export function Note({ tone = '', children }: { tone?: '' | 'bad' | 'warn'; children: ReactNode }) {
  const Icon = tone === 'bad' ? CircleAlert : tone === 'warn' ? TriangleAlert : Info;
  return (
    <div className={`note ${tone}`.trim()} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon aria-hidden />
      <div className="sp">{children}</div>
    </div>
  );
}

export function Empty(props: {
  icon?: ReactNode;
  title: string;
  /** Is it all that the screen says? */ whole?: boolean;
  text?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      {props.icon}
      {props.whole ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      {props.text && <p>{props.text}</p>}
      {props.children && <div className="row">{props.children}</div>}
    </div>
  );
}

export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useWords();
  return (
    <div className="stack" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className="skel" style={{ width: `${88 - ((at * 17) % 45)}%` }} />
      ))}
    </div>
  );
}

/** The tone of a state, by what it means and never by whose it is. */
const TONES: Record<string, string> = {
  draft: '',
  new: 'info',
  in_pool: 'info',
  submitted: 'info',
  in_review: 'warn',
  pending: 'warn',
  on_hold: 'warn',
  assigned: 'info',
  picking: 'info',
  picked: 'info',
  packed: 'info',
  working: 'info',
  open: 'info',
  todo: 'info',
  doing: 'acc',
  done: 'ok',
  sent: 'info',
  approved: 'acc',
  confirmed: 'acc',
  qualified: 'acc',
  shipped: 'acc',
  posted: 'acc',
  nurturing: 'warn',
  accepted: 'ok',
  converted: 'ok',
  won: 'ok',
  delivered: 'ok',
  settled: 'ok',
  cleared: 'ok',
  closed: 'ok',
  full: 'ok',
  applied: 'ok',
  partial: 'warn',
  lost: 'bad',
  rejected: 'bad',
  disqualified: 'bad',
  reversed: 'bad',
  expired: 'bad',
  cancelled: '',
  none: '',
  superseded: '',
  withdrawn: '',
};
export const toneOf = (state: string): string => TONES[state] ?? '';

export function Tag({ tone, children }: { tone?: string; children: ReactNode }) {
  return <span className={`tag ${tone ?? ''}`.trim()}>{children}</span>;
}

export const Avatar = ({ name }: { name: string }) => {
  const short = /[\u4e00-\u9fff]/.test(name)
    ? name.slice(0, 1)
    : name
        .split(/\s+/)
        .map((w) => w[0])
        .join('')
        .slice(0, 2)
        .toUpperCase();
  return (
    <span className="av" aria-hidden>
      {short}
    </span>
  );
};
