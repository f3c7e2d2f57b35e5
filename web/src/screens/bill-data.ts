// What of a customer's orders can be billed now, and what of it is picked for an invoice.
import { get } from '../api/client.ts';

export type Part = {
  gross?: string;
  services: boolean;
  shipment: { id: string; number?: string } | null;
};
export type Billable = {
  id: string;
  number?: string;
  currency?: string;
  gross?: string;
  parts: Part[];
};

export const billable = async (party: string): Promise<Billable[]> =>
  (await get<{ rows: Billable[] }>(`parties/${party}/billable`)).rows;

/** What stands for a part among those that are left out. */
export const keyOf = (order: Billable, part: Part): string =>
  `${order.id}/${part.shipment?.id ?? 'services'}`;
export const keysOf = (order: Billable): string[] => order.parts.map((part) => keyOf(order, part));

type Line = { order: string; shipment?: string; services?: boolean };

/** An order of which nothing is left out goes whole, with what becomes ready meanwhile. */
export const linesOf = (orders: Billable[], left: string[]): Line[] =>
  orders.flatMap((order) => {
    const picked = order.parts.filter((part) => !left.includes(keyOf(order, part)));
    if (picked.length === order.parts.length) return [{ order: order.id }];
    return picked.map((part) =>
      part.shipment
        ? { order: order.id, shipment: part.shipment.id }
        : { order: order.id, services: true },
    );
  });
