// What the figures screens ask for, and how they say a figure.
import { useWords, type Lang } from '../lib/i18n.tsx';
import { compact } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';

export type Cell = {
  from: string;
  until: string;
  value: number | string | null;
  p90: number | null;
  n: number;
  empty: string | null;
  ripe: boolean;
};
export type Kpi = {
  id: string;
  zh: string;
  en: string;
  unit: string;
  direction: string;
  goal: string;
  group: string;
  target: number | null;
  band: string | null;
  signal: string | null;
  dimensions: string[];
  /** What this company set itself, instead of the catalogue's target. */
  set?: { id: string; owner: string | null } | null;
  cells: Cell[];
};
export const name = (lang: Lang, of: { zh: string; en: string }): string => (lang === 'en' ? of.en : of.zh);

const UNITS: Record<string, string> = { h: 'unit-h', d: 'unit-d', 'times/y': 'unit-times-y' };

export function useShown() {
  const { t, lang } = useWords();
  const { company } = useMe();
  return (value: number | string | null | undefined, unit: string | undefined): string => {
    if (value === null || value === undefined) return '–';
    if (unit === 'money') return compact(lang, String(Number(value) / 100), company.currency);
    const n = Number(value);
    const text = new Intl.NumberFormat(lang, { maximumFractionDigits: Math.abs(n) < 10 ? 2 : 1 }).format(n);
    if (unit === '%') return `${text}%`;
    const word = unit === undefined ? undefined : UNITS[unit];
    return word ? `${text} ${t(word)}` : text;
  };
}


export const latest = (cells: Cell[]): Cell | undefined =>
  cells.findLast((c) => c.ripe && c.value !== null) ?? cells.findLast((c) => c.value !== null);

export const TONE: Record<string, string> = { green: 'ok', amber: 'warn', red: 'bad' };
