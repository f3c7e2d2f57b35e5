// Amounts and quantities are decimal text from the API; they are shown exactly and added exactly.
import type { Lang } from './i18n.tsx';

const SCALE = 9;

/** A figure as somebody typed or pasted it, without what only helps the eye: as the API takes it. */
export const plain = (typed: string): string =>
  typed.replaceAll(/[\s,，_¥￥]/g, '').replaceAll('。', '.');

/** A decimal in text as an integer of 10⁻⁹; nothing where it is no decimal. */
export function parse(text: string): bigint | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(plain(text));
  if (!parts || (!parts[2] && !parts[3])) return undefined;
  const fraction = (parts[3] ?? '').padEnd(SCALE, '0').slice(0, SCALE);
  const value = BigInt((parts[2] || '0') + fraction);
  return parts[1] === '-' ? -value : value;
}

/** The text of an integer of 10⁻⁹, with no zeros behind. */
export function text(value: bigint, places = SCALE): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(SCALE + 1, '0');
  const whole = digits.slice(0, -SCALE);
  const cut = digits.slice(-SCALE).slice(0, places).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${cut ? `.${cut}` : ''}`;
}

export const add = (all: string[]): string =>
  text(all.reduce((sum, one) => sum + (parse(one) ?? 0n), 0n));
export const isZero = (value: unknown): boolean => parse(String(value ?? '0')) === 0n;
export const sign = (value: string): number => {
  const parsed = parse(value) ?? 0n;
  return parsed > 0n ? 1 : parsed < 0n ? -1 : 0;
};
export const compare = (a: string, b: string): number =>
  sign(text((parse(a) ?? 0n) - (parse(b) ?? 0n)));
/** For drawing only. */
export const approximate = (value: string): number => Number(value);

const formats = new Map<string, Intl.NumberFormat>();
function format(lang: Lang, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.NumberFormat(lang, options);
    formats.set(key, made);
  }
  return made;
}

// `format` takes decimal text exactly; its declared type lags behind.
const exact = (made: Intl.NumberFormat, value: string): string => made.format(value as `${number}`);

/** `11,300.00`: the currency is said once, by the column or the label. */
export const amount = (lang: Lang, value: unknown): string =>
  exact(format(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }), String(value ?? '0'));

/** `¥11,300.00`. */
export function money(lang: Lang, value: unknown, currency: string): string {
  return exact(
    format(lang, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
    String(value ?? '0'),
  );
}

/** `¥12.2亿`, `¥1.2B`. */
export function compact(lang: Lang, value: unknown, currency: string): string {
  const options: Intl.NumberFormatOptions = {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: Math.abs(Number(value ?? 0)) < 10_000 ? 0 : 1,
    minimumFractionDigits: 0,
  };
  return exact(format(lang, options), String(value ?? '0'));
}

export const quantity = (lang: Lang, value: unknown): string =>
  exact(format(lang, { maximumFractionDigits: 6 }), String(value ?? '0'));
export const percent = (lang: Lang, value: unknown): string =>
  exact(format(lang, { style: 'percent', maximumFractionDigits: 2 }), String(value ?? '0'));
export const count = (lang: Lang, value: number): string => format(lang, {}).format(value);
