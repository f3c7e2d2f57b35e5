// Hand-made screens that take the place of the ones made from declarations.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Row } from '../api/client.ts';
import { learning } from '../lib/i18n.tsx';
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

const from = <P>(load: () => Promise<unknown>, name: string) =>
  lazy(() =>
    load().then((module) => ({
      default: (module as Record<string, ComponentType<P>>)[name] as ComponentType<P>,
    })),
  );

const calendar = from(() => import('../screens/calendar.tsx'), 'Calendar') as never;

export const registry: Record<string, Screens> = {
  order: {
    printed: true,
    views: { calendar },
    form: from(learning('orders', () => import('../screens/order-editor.tsx')), 'OrderEditor'),
    top: from(learning('orders', () => import('../screens/order-top.tsx')), 'OrderTop'),
  },
  quote: {
    printed: true,
    form: from(learning('orders', () => import('../screens/order-editor.tsx')), 'QuoteEditor'),
  },
  invoice: {
    printed: true,
    form: from(learning('orders', () => import('../screens/bill-several.tsx')), 'BillSeveral'),
    top: from(() => import('../screens/invoice-top.tsx'), 'InvoiceTop'),
  },
  statement: {
    printed: true,
    topShowsLines: true,
    form: from(learning('orders', () => import('../screens/statement-run.tsx')), 'StatementRun'),
    top: from(learning('orders', () => import('../screens/statement-top.tsx')), 'StatementTop'),
  },
  shipment: { printed: true },
  lead: {
    views: {
      board: from(learning('orders', () => import('../screens/board.tsx')), 'LeadBoard'),
      calendar,
      funnel: from(
        learning('orders', () => import('../screens/lead-funnel.tsx')),
        'LeadFunnel',
      ),
    },
  },
  opportunity: {
    views: {
      board: from(learning('orders', () => import('../screens/board.tsx')), 'OpportunityBoard'),
      calendar,
    },
    top: from(() => import('../screens/opportunity-top.tsx'), 'OpportunityTop'),
  },
  party: { top: from(learning('orders', () => import('../screens/customer.tsx')), 'CustomerTop') },
  approval: {
    top: from(learning('orders', () => import('../screens/approval-top.tsx')), 'ApprovalTop'),
  },
  period: { top: from(() => import('../screens/period-top.tsx'), 'PeriodTop') },
  webhook: { top: from(() => import('../screens/webhook-top.tsx'), 'WebhookTop') },
  user: {
    topShowsLines: true,
    top: from(learning('office', () => import('../screens/user.tsx')), 'UserTop'),
  },
  payment: {
    form: from(learning('orders', () => import('../screens/payment-form.tsx')), 'PaymentForm'),
  },
  refund: {
    form: from(learning('orders', () => import('../screens/refund-form.tsx')), 'RefundForm'),
    top: from(learning('orders', () => import('../screens/refund-top.tsx')), 'RefundTop'),
  },
  change_order: {
    form: from(learning('orders', () => import('../screens/change-form.tsx')), 'ChangeForm'),
  },
  return: { form: from(() => import('../screens/return-form.tsx'), 'ReturnForm') },
  receipt: {
    form: from(learning('orders', () => import('../screens/receipt-form.tsx')), 'ReceiptForm'),
  },
};
