// Goods come back: of which order, how many of each line, and why.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Problem, type Row, get, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { isZero, parse, quantity } from '../lib/number.ts';
import { Crumb } from '../meta/row.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason as said, toast } from '../ui/toast.tsx';

const FAULTS = ['us', 'customer', 'carrier', 'vendor'];

export function ReturnForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const search = useSearch({ strict: false }) as { order?: string };
  const [order, setOrder] = useState(search.order ?? '');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('us');
  const [back, setBack] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const asked = useQuery({
    queryKey: ['row', 'orders', order, 'lines'],
    enabled: order !== '',
    queryFn: () => get(`orders/${order}`, { lines: 'yes' }),
  });
  const lines = ((asked.data?.['order_lines'] as Row[] | undefined) ?? []).filter(
    (l) => l['kind'] !== 'service' && !isZero(l['shipped']),
  );
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const sent = lines
        .filter((l) => back[l.id] && !isZero(back[l.id]))
        .map((l) => ({ id: l.id, qty: (back[l.id] ?? '').replaceAll(/[,，\s]/g, '') }));
      const made = await send('returns', { order, reason, fault, lines: sent }, { key });
      toast(t('made', { what: words.entity('return') }));
      await navigate({
        to: '/$collection/$id',
        params: { collection: 'returns', id: made.id },
        replace: true,
      });
      await refresh();
    } catch (error) {
      setRefused(error);
      setKey(newKey());
      setBusy(false);
    }
  };
  const field = (name: string): string | undefined =>
    refused instanceof Problem && refused.field === name ? refused.title : undefined;
  return (
    <div className="page narrow">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{t('new-of', { what: words.entity('return') })}</h1>
      </div>
      <form className="card" onSubmit={(event) => void save(event)}>
        <div className="in stack">
          {refused !== null && !field('reason') && <Note tone="bad">{said(refused, t)}</Note>}
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
            <Labelled label={words.field('return', 'reason')} required error={field('reason')}>
              {(ids) => (
                <input
                  {...ids}
                  className="input"
                  required
                  maxLength={200}
                  value={reason}
                  onChange={(e) => setReason(e.target.value)}
                />
              )}
            </Labelled>
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
          <div className="rowx">
            <Button kind="primary" type="submit" busy={busy} disabled={!order}>
              {t('save')}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}
