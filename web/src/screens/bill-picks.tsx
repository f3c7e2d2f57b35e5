// Orders of a customer that can be billed, each with its deliveries: which of them go on the invoice.
import { useWords } from '../lib/i18n.tsx';
import { amount } from '../lib/number.ts';
import { type Billable, keyOf, keysOf } from './bill-data.ts';

type Props = { orders: Billable[]; left: string[]; set: (left: string[]) => void };

export function BillPicks({ orders, left, set }: Props) {
  const { t, lang } = useWords();
  const pick = (keys: string[], on: boolean): void =>
    set(on ? left.filter((key) => !keys.includes(key)) : [...new Set([...left, ...keys])]);
  const worth = (of: { gross?: string }, order: Billable): string =>
    of.gross === undefined ? '' : `${amount(lang, of.gross)} ${order.currency ?? ''}`;
  return (
    <fieldset className="field wide bill-picks">
      <legend>{t('bills-orders')}</legend>
      {orders.length === 0 && <p className="muted">{t('billing-none')}</p>}
      {orders.map((order) => {
        const keys = keysOf(order);
        const out = keys.filter((key) => left.includes(key)).length;
        return (
          <div key={order.id} className="stack">
            <label className="rowx">
              <input
                type="checkbox"
                className="of-order"
                checked={out < keys.length}
                ref={(box) => {
                  if (box) box.indeterminate = out > 0 && out < keys.length;
                }}
                onChange={(e) => pick(keys, e.target.checked)}
              />
              <span className="grow">{order.number ?? '–'}</span>
              <b className="num">{worth(order, order)}</b>
            </label>
            {order.parts.length > 1 &&
              order.parts.map((part) => {
                const key = keyOf(order, part);
                return (
                  <label key={key} className="rowx of-part">
                    <input
                      type="checkbox"
                      checked={!left.includes(key)}
                      onChange={(e) => pick([key], e.target.checked)}
                    />
                    <span className="grow">{part.shipment?.number ?? t('bills-services')}</span>
                    <span className="num">{worth(part, order)}</span>
                  </label>
                );
              })}
          </div>
        );
      })}
      {orders.some((order) => order.parts.length > 1) && (
        <p className="muted">{t('bills-left')}</p>
      )}
    </fieldset>
  );
}
