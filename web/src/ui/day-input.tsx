// A day, typed as ISO in every language (`2026-1-5`, `1/5` and `+3` are read too) or picked from the
// calendar. A browser shows its own date input in the language of its menus, not of the page; on a
// phone its picker is what people know, so it stays there.
import { CalendarDays } from 'lucide-react';
import { type InputHTMLAttributes, useRef, useState } from 'react';
import { readDay } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';

type Given = Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'type'>;
type Props = Given & {
  value: string;
  set: (day: string) => void;
};

/** Whole enough to be meant: year, month and day. */
const WHOLE = /^\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?$/;

export function DayInput({ value, set, className = 'input', ...more }: Props) {
  const { t } = useWords();
  const { today } = useMe();
  const [typed, setTyped] = useState<string>();
  const native = useRef<HTMLInputElement>(null);
  if (matchMedia('(pointer: coarse)').matches) {
    return (
      <input
        {...more}
        className={className}
        type="date"
        value={value}
        onChange={(e) => set(e.target.value)}
      />
    );
  }
  const change = (text: string): void => {
    setTyped(text);
    const day = WHOLE.test(text.trim()) ? readDay(text, today) : undefined;
    if (day) set(day);
    else if (text.trim() === '') set('');
  };
  const leave = (): void => {
    if (typed === undefined) return;
    const day = readDay(typed, today);
    if (day) set(day);
    // What nobody can read goes back to the day that was there.
    setTyped(undefined);
  };
  return (
    <span className="day-input">
      <input
        {...more}
        className={className}
        inputMode="numeric"
        autoComplete="off"
        placeholder={t('day-form')}
        maxLength={12}
        value={typed ?? value}
        onChange={(e) => change(e.target.value)}
        onBlur={leave}
      />
      <input
        ref={native}
        className="native"
        type="date"
        tabIndex={-1}
        aria-hidden
        value={value}
        onChange={(e) => {
          setTyped(undefined);
          set(e.target.value);
        }}
      />
      <button
        type="button"
        className="open"
        tabIndex={-1}
        aria-label={t('day-pick')}
        onClick={() => native.current?.showPicker()}
      >
        <CalendarDays size={15} aria-hidden />
      </button>
    </span>
  );
}
