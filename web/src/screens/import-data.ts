// An import as the program speaks of it, and the wish that a screen builds up.
import { useQuery } from '@tanstack/react-query';
import { get, send } from '../api/client.ts';
import type { Words } from '../lib/i18n.tsx';

export type Kept = { digest: string; name: string; size: number };
export type Edit = { file: string; line: number; column: string; value: string };
export type Style = Partial<
  Record<'encoding' | 'separator' | 'header' | 'sheet' | 'dates' | 'numbers', string>
>;
/** Everything that somebody said; the program gets it whole each time. */
export type Wish = {
  files: Kept[];
  style: Style;
  mapping: string;
  target: string;
  columns: [string, string][];
  edits: Edit[];
  currency: string;
  rate: string;
  learn: string;
};
export const NOTHING: Wish = {
  files: [],
  style: {},
  mapping: '',
  target: '',
  columns: [],
  edits: [],
  currency: '',
  rate: '',
  learn: '',
};

export type Known = {
  mappings: string[];
  learnt: { name: string; target: string }[];
  targets: { name: string; columns: { name: string; needed: boolean }[] }[];
  currency: string;
  limit: number;
};
type Found = {
  encoding: string | null;
  separator: string;
  line_end: string;
  sheet: string;
  header_line: number;
  columns: Record<string, string>;
};
export type Guess = {
  target: string;
  confidence: number;
  columns: { heading: string; field: string | null; confidence: number; samples: string[] }[];
  lacks: string[];
  style: Found;
  assigned: [string, string][];
};
export type Fault = {
  file: string;
  line: number;
  column: string;
  value: string;
  code: string;
  message: string;
};
export type Staged = { file: string; is: string; line: number; cells: Record<string, string> };
export type Count = { rows: number; new: number; unchanged: number; changed: number };
export type Note = { code: string; count: number; message: string };
export type Plan = {
  valid: boolean;
  currency: string;
  files: { name: string; is: string; rows: number; style: Found }[];
  counts: Record<string, Count>;
  sums: Record<string, string>;
  notes: Note[];
  rows: Staged[];
  errors: Fault[];
  error_count: number;
};
export type Looked = { mapping: string | null; guess: Guess | null; plan: Plan | null };
export type Under = {
  id: string;
  source: string;
  state: 'validated' | 'applying' | 'applied' | 'undoing' | 'undone';
  done: number;
  total: number;
  currency: string;
  report: {
    counts?: Record<string, Count>;
    sums?: { name: string; file: string; stored: string; equal: boolean }[];
    reconciled?: boolean;
    notes?: Note[];
  } | null;
  stuck: { state: string; message: string } | null;
  may_undo: boolean;
};

export const useKnown = () =>
  useQuery({ queryKey: ['imports'], queryFn: () => get<Known>('imports') });

/** What the program makes of a wish; asked anew whenever it changes. The name under which columns are kept changes nothing of what is read. */
export const useLook = (wish: Wish) =>
  useQuery({
    queryKey: ['imports', 'look', { ...wish, learn: '' }],
    queryFn: () => send<Looked>('imports/look', wish),
    enabled: wish.files.length > 0,
    placeholderData: (before) => before,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

const ENDED = ['applied', 'undone'];
export const useUnder = (id: string) =>
  useQuery({
    queryKey: ['imports', id],
    queryFn: () => get<Under>(`imports/${id}`),
    refetchInterval: (query) => {
      const now = query.state.data;
      return now && ENDED.includes(now.state) ? false : 500;
    },
  });

const dashed = (text: string): string => text.replaceAll('_', '-');
/** Our column in words; a column of a system that is known by its own name. */
export const columnName = (words: Words, name: string): string =>
  words.find(`import-col-${dashed(name)}`) ?? name;
export const kindName = (words: Words, name: string): string =>
  words.find(`import-kind-${dashed(name)}`) ?? name;
export const sumName = (words: Words, name: string): string =>
  words.find(`import-sum-${dashed(name)}`) ?? name;
/** A table of one's own by what its rows are, or by the name under which its columns are kept. */
export const sourceName = (words: Words, source: string): string => {
  const own = source.startsWith('tables:') ? source.slice('tables:'.length) : source;
  return words.find(`import-target-${own}`) ?? own;
};
