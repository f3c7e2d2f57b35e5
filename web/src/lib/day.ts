// Days are ISO text; instants are shown in the reader's own zone, to the minute.
import type { Lang } from './i18n.tsx';

const pad = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-22 14:05`. */
export function instant(value: unknown): string {
  if (typeof value !== 'string' || !value) return '';
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  return `${isoDay(at)} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

export const isoDay = (at: Date): string =>
  `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;

/** Whole days from one ISO day to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** How long something took, in its largest sensible unit. */
export function lasted(lang: Lang, from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  const one = (value: number, unit: 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  if (minutes < 60) return one(minutes, 'minute');
  if (minutes < 48 * 60) return one(Math.round(minutes / 60), 'hour');
  return one(Math.round(minutes / 1440), 'day');
}

/** `2026年11月` or `Nov 2026` of `2026-11`. */
export const month = (lang: Lang, period: string): string =>
  new Intl.DateTimeFormat(lang, { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  );

/** A day as people type it: `2026-1-5`, `20260105`, `1/5`, `today +3`. */
export function readDay(typed: string, today: string): string | undefined {
  const clean = typed.trim();
  const relative = /^([+-]\d{1,3})$/.exec(clean);
  if (relative) return plusDays(today, Number(relative[1]));
  const parts = /^(?:(\d{4})[-/.年]?)?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(clean);
  if (!parts) return undefined;
  const day = `${parts[1] ?? today.slice(0, 4)}-${(parts[2] ?? '').padStart(2, '0')}-${(parts[3] ?? '').padStart(2, '0')}`;
  const read = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== day ? undefined : day;
}
