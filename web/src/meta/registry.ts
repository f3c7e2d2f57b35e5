// Hand-made screens that take the place of the ones made from declarations.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Row } from '../api/client.ts';
import type { Entity } from './meta.ts';

export type DetailProps = { entity: Entity; row: Row };
type Screens = {
  /** More ways to look at the list, beside the table, by the name in `view=`. */
  views?: Record<string, LazyExoticComponent<ComponentType<{ entity: Entity }>>>;
  form?: LazyExoticComponent<ComponentType<{ entity: Entity }>>;
  /** Shown above what every detail shows. */
  top?: LazyExoticComponent<ComponentType<DetailProps>>;
  /** Does what stands above show the lines too? */
  topShowsLines?: boolean;
  /** Has it a page to print? */
  printed?: boolean;
};

const from = <P>(load: () => Promise<Record<string, ComponentType<P>>>, name: string) =>
  lazy(() => load().then((module) => ({ default: module[name] as ComponentType<P> })));

const calendar = from(() => import('../screens/calendar.tsx') as never, 'Calendar') as never;

export const registry: Record<string, Screens> = {
  order: {
    printed: true,
    views: { calendar },
    form: from(() => import('../screens/order-editor.tsx') as never, 'OrderEditor'),
    top: from(() => import('../screens/order-top.tsx') as never, 'OrderTop'),
  },
  quote: {
    printed: true,
    form: from(() => import('../screens/order-editor.tsx') as never, 'QuoteEditor'),
  },
  invoice: { printed: true },
  shipment: { printed: true },
  lead: {
    views: {
      board: from(() => import('../screens/board.tsx') as never, 'LeadBoard'),
      calendar,
    },
  },
  opportunity: {
    views: {
      board: from(() => import('../screens/board.tsx') as never, 'OpportunityBoard'),
      calendar,
    },
    top: from(() => import('../screens/opportunity-top.tsx') as never, 'OpportunityTop'),
  },
  party: { top: from(() => import('../screens/customer.tsx') as never, 'CustomerTop') },
  approval: { top: from(() => import('../screens/approval-top.tsx') as never, 'ApprovalTop') },
  webhook: { top: from(() => import('../screens/webhook-top.tsx') as never, 'WebhookTop') },
  user: { topShowsLines: true, top: from(() => import('../screens/user.tsx') as never, 'UserTop') },
  payment: { form: from(() => import('../screens/payment-form.tsx') as never, 'PaymentForm') },
  return: { form: from(() => import('../screens/return-form.tsx') as never, 'ReturnForm') },
  receipt: { form: from(() => import('../screens/receipt-form.tsx') as never, 'ReceiptForm') },
};
