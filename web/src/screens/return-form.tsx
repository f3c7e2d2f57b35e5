// Goods come back: of which order, how many of each line, and why.
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Row, get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { isZero, parse, plain, quantity } from '../lib/number.ts';
import { DrawUp, Typed, useDrawUp } from '../meta/draw-up.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { Labelled } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';

const FAULTS = ['us', 'customer', 'carrier', 'vendor'];

export function ReturnForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const search = useSearch({ strict: false }) as { order?: string };
  const [order, setOrder] = useState(search.order ?? '');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('us');
  const [back, setBack] = useState<Record<string, string>>({});
  const form = useDrawUp(entity);
  const asked = useQuery({
    queryKey: ['row', 'orders', order, 'lines'],
    enabled: order !== '',
    queryFn: () => get(`orders/${order}`, { lines: 'yes' }),
  });
  const lines = ((asked.data?.['order_lines'] as Row[] | undefined) ?? []).filter(
    (l) => l['kind'] !== 'service' && !isZero(l['shipped']),
  );
  const body = (): object => {
    const sent = lines
      .filter((l) => back[l.id] && !isZero(back[l.id]))
      .map((l) => ({ id: l.id, qty: plain(back[l.id] ?? '') }));
    return { order, reason, fault, lines: sent };
  };
  return (
    <DrawUp
      entity={entity}
      title={t('new-of', { what: words.entity('return') })}
      label={t('save')}
      form={form}
      fields={['reason']}
      disabled={!order}
      body={body}
    >
          <div className="fields">
            <Labelled label={words.field('return', 'order')} required>
              {(ids) => (
                <Picker
                  {...ids}
                  entity="order"
                  beside="state"
                  filter={['fulfilment:ne:none']}
                  value={order}
                  autoFocus={!order}
                  onPick={setOrder}
                />
              )}
            </Labelled>
            <Typed
              label={words.field('return', 'reason')}
              value={reason}
              set={setReason}
              error={form.at('reason')}
              max={200}
              required
            />
            <OneOf owner="return" name="fault" options={FAULTS} value={fault} set={setFault} />
          </div>
          <ul className="pick-lines">
            {lines.map((line) => (
              <li key={line.id}>
                <span className="grow">
                  {String(line['text'])}
                  <small className="muted"> / {quantity(lang, line['shipped'])}</small>
                </span>
                <input
                  className="input num"
                  style={{ width: 120 }}
                  inputMode="decimal"
                  aria-label={`${words.field('return_line', 'asked')} ${String(line['text'])}`}
                  aria-invalid={
                    back[line.id] && parse(back[line.id] ?? '') === undefined ? true : undefined
                  }
                  value={back[line.id] ?? ''}
                  onChange={(e) => setBack((now) => ({ ...now, [line.id]: e.target.value }))}
                />
              </li>
            ))}
          </ul>
    </DrawUp>
  );
}
