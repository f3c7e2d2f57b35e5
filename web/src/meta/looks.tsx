// Shows and asks for values by what they mean to people: numbers that call, shares with their sign.
import { ExternalLink, Mail, MapPin, Phone } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import {
  type Look,
  daysWord,
  dialled,
  isReachable,
  isWeb,
  ofClock,
  ofHundredths,
  sayFigure,
  tagsOf,
  toClock,
  toHundredths,
} from './looks.ts';

const ICONS = { phone: Phone, mail: Mail, link: ExternalLink };

/** A way to reach somebody. Within a row that is a link itself it is text alone. */
function Way({ look, value }: { look: 'phone' | 'mail' | 'link'; value: string }) {
  const Icon = ICONS[look];
  const leads = look === 'link' ? isWeb(value) : isReachable(value);
  if (!leads) return <span className="txt">{value}</span>;
  const to = look === 'phone' ? `tel:${dialled(value)}` : look === 'mail' ? `mailto:${value}` : value;
  const away = look === 'link' ? { target: '_blank', rel: 'noopener noreferrer' } : {};
  return (
    <a className="text way-to" href={to} {...away} onClick={(event) => event.stopPropagation()}>
      <Icon size={13} aria-hidden />
      {value}
    </a>
  );
}

/** How good of a hundred, as a bar with its figure. */
function Score({ value }: { value: number }) {
  const share = Math.max(0, Math.min(100, value));
  return (
    <span className="score" data-tone={share >= 60 ? 'ok' : 'warn'}>
      <span className="track" aria-hidden>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
          <rect width={share} height={6} />
        </svg>
      </span>
      {value}
    </span>
  );
}

export function Looked(props: { look: Look; type: string; value: unknown; plain: boolean }) {
  const { look, type, value, plain } = props;
  const { lang } = useWords();
  const text = String(value);
  switch (look) {
    case 'phone':
    case 'mail':
    case 'link':
      return plain ? <span className="txt">{text}</span> : <Way look={look} value={text} />;
    case 'address':
      return (
        <span className="txt">
          <MapPin size={13} className="muted" aria-hidden /> {text}
        </span>
      );
    case 'tags':
      return (
        <span className="tags">
          {tagsOf(text).map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </span>
      );
    case 'score':
      return Number(value) === 0 ? <span>0</span> : <Score value={Number(value)} />;
    default:
      return <span className="nowrap">{sayFigure(lang, look, type, value) ?? text}</span>;
  }
}

type Given = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'>;
type InputProps = { look: Look; type: string; value: string; set: (value: string) => void } & Given;

/** Looks that have an input of their own. */
export const ASKED = new Set<Look>(['phone', 'mail', 'link', 'percent', 'days', 'clock', 'score']);

const MODES: Partial<Record<Look, 'tel' | 'email' | 'url'>> = {
  phone: 'tel',
  mail: 'email',
  link: 'url',
};

export function LookedInput({ look, type, value, set, ...given }: InputProps) {
  const { lang } = useWords();
  if (look === 'percent' && type === 'rate')
    return <Hundredths value={value} set={set} given={given} />;
  if (look === 'clock')
    return (
      <input
        {...given}
        type="time"
        className="input"
        value={toClock(value)}
        onChange={(e) => set(ofClock(e.target.value))}
      />
    );
  const mode = MODES[look];
  if (mode)
    return (
      <input
        {...given}
        className="input"
        inputMode={mode}
        autoComplete="off"
        value={value}
        onChange={(e) => set(e.target.value)}
      />
    );
  return (
    <span className="with-unit">
      <input
        {...given}
        className="input num"
        inputMode="numeric"
        autoComplete="off"
        value={value}
        onChange={(e) => set(e.target.value)}
      />
      <span aria-hidden>
        {look === 'percent' ? '%' : look === 'days' ? daysWord(lang) : '/ 100'}
      </span>
    </span>
  );
}

/** Typed as people say it, kept as the program does: 13 is 0.13. */
function Hundredths({ value, set, given }: { value: string; set: (v: string) => void; given: Given }) {
  const [typed, setTyped] = useState(() => toHundredths(value));
  // What came from elsewhere, a draft or a conflict, replaces what was typed.
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (ofHundredths(typed) !== value) setTyped(toHundredths(value));
  }
  return (
    <span className="with-unit">
      <input
        {...given}
        className="input num"
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        onChange={(e) => {
          const now = e.target.value;
          // What is no figure goes to the program as it is, which says so.
          const next = now === '' ? '' : (ofHundredths(now) ?? now);
          setTyped(now);
          setKnown(next);
          set(next);
        }}
      />
      <span aria-hidden>%</span>
    </span>
  );
}
