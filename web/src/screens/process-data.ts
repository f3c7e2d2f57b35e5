// What the process screens ask for, and how they say times and amounts.
import { useWords, type Lang } from '../lib/i18n.tsx';

export type Part = {
  /** The kind of case of our own; nothing for another system's log. */
  case?: string;
  log?: string;
  from?: string;
  until?: string;
  dimension?: string;
  value?: string;
};
export type Node = { activity: string; place: number; count: number; starts: number; ends: number };
export type Edge = {
  from: string;
  to: string;
  count: number;
  cases: number;
  median: number;
  mean: number;
  p90: number;
  working: number;
};
/** The step or the path that somebody chose. */
export type Chosen = { step: string; next?: string };
export type ProcessMap = {
  case: string;
  cases: number;
  events?: number;
  nodes: Node[];
  edges: Edge[];
  starts?: string[];
  ends?: string[];
  all_activities?: number;
  all_paths?: number;
  dimensions: string[];
  values?: string[];
  /** What else its cases may be told apart by. */
  attributes?: string[];
};
export type CaseRow = {
  id: string;
  /** Empty while its document has no number yet. */
  number: string;
  /** The document to go to, where it is another one than the case. */
  of?: string;
  document?: string;
  seconds?: number;
  minutes?: number;
  value?: number;
  events?: number;
  from?: string;
};
export type Cases = { kind: string; unit?: string; count: number; rows: CaseRow[] };

/** The stages of the river, in which activities stand by what they are about. */
export const STAGES = ['lead', 'opportunity', 'quote', 'order', 'shipment', 'bill', 'cash'] as const;
const STAGE_OF: Record<string, (typeof STAGES)[number]> = {
  lead: 'lead',
  opp: 'opportunity',
  quote: 'quote',
  order: 'order',
  stock: 'shipment',
  shipment: 'shipment',
  pick: 'shipment',
  pack: 'shipment',
  ship: 'shipment',
  delivery: 'shipment',
  return: 'shipment',
  revenue: 'bill',
  invoice: 'bill',
  credit: 'cash',
  payment: 'cash',
  receivable: 'cash',
};
export const stageOf = (activity: string): (typeof STAGES)[number] =>
  STAGE_OF[activity.split('.')[0] ?? ''] ?? 'order';

export const wordOf = (activity: string): string => activity.replaceAll(/[._]/g, '-');

/** How an activity is called: ours by the catalogue, another system's as its log says. */
export function useActivity(isForeign: boolean): (activity: string) => string {
  const { t } = useWords();
  return (activity) => (isForeign ? activity : t(`activity-${wordOf(activity)}`));
}

/** The lanes of the map, in order: ours by stage, another log's by where on its way a step stands. */
export function laneOf(map: ProcessMap): (node: Node) => string {
  return map.case === ''
    ? (node) => `part-${Math.min(Math.floor(node.place / 200), 4)}`
    : (node) => stageOf(node.activity);
}

/** Where a case of a kind is looked at. */
export const PLACE: Record<string, string> = {
  order: 'orders',
  lead: 'leads',
  opportunity: 'opportunities',
  quote: 'quotes',
  shipment: 'shipments',
  invoice: 'invoices',
  payment: 'payments',
  return: 'returns',
  change_order: 'change_orders',
  statement: 'statements',
  product: 'products',
};

/** A time in its largest sensible unit. */
export function lasting(lang: Lang, seconds: number): string {
  const say = (value: number, unit: 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(lang, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: value < 10 ? 1 : 0,
    }).format(value);
  const size = Math.abs(seconds);
  if (size < 3600) return say(seconds / 60, 'minute');
  if (size < 2 * 86_400) return say(seconds / 3600, 'hour');
  return say(seconds / 86_400, 'day');
}
