// What a value means to people beyond its kind, in words: 13%, 30 days, 08:00, 1.4 MB. Pure.
import type { Lang } from '../lib/i18n.tsx';
import { parse, percent, plain, text } from '../lib/number.ts';

export type Look =
  | 'phone'
  | 'mail'
  | 'link'
  | 'address'
  | 'tags'
  | 'percent'
  | 'days'
  | 'clock'
  | 'size'
  | 'score';

/** Looks that are figures of their kind, and are shown at the right. */
export const FIGURES = new Set<Look>(['percent', 'days', 'clock', 'size', 'score']);

const unit = (lang: Lang, value: number, of: string, places = 0): string =>
  new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: of,
    unitDisplay: of === 'day' ? 'long' : 'short',
    maximumFractionDigits: places,
  }).format(value);

/** The word of days alone, for beside an input. */
export const daysWord = (lang: Lang): string =>
  new Intl.NumberFormat(lang, { style: 'unit', unit: 'day', unitDisplay: 'long' })
    .formatToParts(2)
    .find((part) => part.type === 'unit')?.value ?? '';

const pad = (n: number): string => String(n).padStart(2, '0');

/** A figure in words; `type` is the kind of its field. Nothing where the look is none of figures. */
export function sayFigure(lang: Lang, look: Look, type: string, value: unknown): string | undefined {
  const n = Number(value);
  if (!Number.isFinite(n)) return undefined;
  switch (look) {
    case 'percent':
      return percent(lang, type === 'int' ? text((parse(String(value)) ?? 0n) / 100n) : value);
    case 'days':
      return unit(lang, n, 'day');
    case 'clock':
      return `${pad(Math.floor(n / 60))}:${pad(n % 60)}`;
    case 'size':
      return sizeOf(lang, n);
    default:
      return undefined;
  }
}

function sizeOf(lang: Lang, bytes: number): string {
  if (bytes < 1000) return unit(lang, bytes, 'byte');
  if (bytes < 1_000_000) return unit(lang, bytes / 1000, 'kilobyte', 1);
  return unit(lang, bytes / 1_000_000, 'megabyte', 1);
}

/** The parts of a text, as they are written: by line, space or comma. */
export const tagsOf = (value: string): string[] =>
  value.split(/[\s,，、;]+/).filter((part) => part !== '');

/** Only what begins as the web does is a link: never a script. */
export const isWeb = (value: string): boolean => /^https?:\/\/[^\s]+$/i.test(value);
/** A masked value reaches nobody. */
export const isReachable = (value: string): boolean => !/[*＊…]/.test(value);
/** Digits as a telephone takes them; the rest of what people write helps the eye. */
export const dialled = (value: string): string => value.replaceAll(/[^\d+#]/g, '');

/** A rate of one as somebody types it in hundredths, and back; nothing where it is no figure. */
export function toHundredths(rate: string): string {
  const value = parse(rate);
  return value === undefined ? rate : text(value * 100n);
}
export function ofHundredths(typed: string): string | undefined {
  const value = parse(plain(typed).replace(/[%％]$/, ''));
  return value === undefined ? undefined : text(value / 100n);
}

/** `08:00` of minutes after midnight, and back. */
export const toClock = (minutes: string): string => {
  const n = Number(minutes);
  return minutes === '' || !Number.isInteger(n) ? '' : `${pad(Math.floor(n / 60))}:${pad(n % 60)}`;
};
export function ofClock(typed: string): string {
  const parts = /^(\d{1,2}):(\d{2})/.exec(typed);
  return parts ? String(Number(parts[1]) * 60 + Number(parts[2])) : '';
}
