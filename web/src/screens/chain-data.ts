// The story of one order as the program tells it: what came before, what follows, the books.
import { useQuery } from '@tanstack/react-query';
import { type Row, get } from '../api/client.ts';
import type { Words } from '../lib/i18n.tsx';

export type Chain = {
  order: Row;
  party: Row;
  before: { lead: Row | null; opportunity: Row | null; quote: Row | null };
  holds: Row[];
  shipments: Row[];
  invoices: Row[];
  payments: Row[];
  entries: Row[];
  facts: { id: string; activity: string; occurred_at: string }[];
};

export const useChain = (id: string) =>
  useQuery({ queryKey: ['chain', id], queryFn: () => get<Chain>(`orders/${id}/chain`) });

export type Step = { stage: string; done: 'done' | 'now' | 'next' | 'none'; text: string };

/** The seven stages of one case, and how far each has come. */
export function stepsOf(chain: Chain, words: Words): Step[] {
  const { order, before } = chain;
  const draft = order['state'] === 'draft';
  const ended = order['state'] === 'cancelled';
  const of = (axis: string): Step['done'] => {
    if (ended && order[axis] === 'none') return 'none';
    return order[axis] === 'full' ? 'done' : order[axis] === 'partial' ? 'now' : 'next';
  };
  const said = (axis: string): string => words.option('order', axis, String(order[axis] ?? 'none'));
  const had = (row: Row | null, entity: string): Pick<Step, 'done' | 'text'> =>
    row
      ? { done: 'done', text: words.state(entity, String(row['state'])) }
      : { done: 'none', text: '' };
  return [
    { stage: 'lead', ...had(before.lead, 'lead') },
    { stage: 'opportunity', ...had(before.opportunity, 'opportunity') },
    { stage: 'quote', ...had(before.quote, 'quote') },
    {
      stage: 'order',
      done: draft || order['state'] === 'submitted' ? 'now' : ended ? 'none' : 'done',
      text: words.state('order', String(order['state'])),
    },
    { stage: 'shipment', done: of('fulfilment'), text: said('fulfilment') },
    { stage: 'bill', done: of('billing'), text: said('billing') },
    { stage: 'cash', done: of('payment'), text: said('payment') },
  ];
}
