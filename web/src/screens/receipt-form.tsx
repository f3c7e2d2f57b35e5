// Taking stock in without a purchase: opening stock, or goods found.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Problem, list, newKey, send } from '../api/client.ts';
import { useDraft } from '../lib/draft.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { Crumb } from '../meta/row.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { LineGrid, type Line, sentLines } from '../ui/line-grid.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';

type Draft = { kind: string; warehouse: string; reason: string; lines: Line[] };
const KINDS = ['opening', 'purchase', 'other_in', 'other_out'];

export function ReceiptForm({ entity }: { entity: Entity }) {
  const { t, words } = useWords();
  const { company } = useMe();
  const [draft, set, forget] = useDraft<Draft>('receipt', {
    kind: 'opening',
    warehouse: '',
    reason: '',
    lines: [{}],
  });
  const houses = useQuery({
    queryKey: ['warehouses'],
    queryFn: () => list('warehouses', { limit: 200, sort: 'priority' }),
  });
  const first = houses.data?.rows[0]?.id ?? '';
  const warehouse = draft.warehouse || first;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  useEffect(() => setRefused(null), [draft]);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const lines = sentLines(draft.lines, ['product', 'qty', 'value']);
      const made = await send(
        'receipts',
        { kind: draft.kind, warehouse, reason: draft.reason, lines },
        { key },
      );
      forget();
      toast(t('made', { what: words.entity('receipt') }));
      await navigate({
        to: '/$collection/$id',
        params: { collection: 'receipts', id: made.id },
        replace: true,
      });
      await refresh();
    } catch (error) {
      setRefused(error);
      setKey(newKey());
      setBusy(false);
    }
  };
  const line =
    refused instanceof Problem && refused.fields['line']
      ? Number(refused.fields['line']) - 1
      : undefined;
  return (
    <div className="page">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{t('new-of', { what: words.entity('receipt') })}</h1>
        <span className="sp" />
        <Button onClick={forget}>{t('discard')}</Button>
        <Button kind="primary" busy={busy} disabled={!warehouse} onClick={() => void save()}>
          {words.verb('receipt', 'create')}
        </Button>
      </div>
      {refused !== null && line === undefined && <Note tone="bad">{reason(refused, t)}</Note>}
      {houses.data && !first && (
        <Note tone="warn">
          {t('receipt-no-warehouse')}{' '}
          <Link className="text" to="/$collection/new" params={{ collection: 'warehouses' }}>
            {t('new-of', { what: words.entity('warehouse') })}
          </Link>
        </Note>
      )}
      <section className="card">
        <div className="in fields">
          <OneOf
            owner="receipt"
            name="kind"
            options={KINDS}
            value={draft.kind}
            set={(kind) => set((now) => ({ ...now, kind }))}
          />
          <Labelled label={words.field('receipt', 'warehouse')} required>
            {(ids) => (
              <select
                {...ids}
                className="select"
                value={warehouse}
                onChange={(e) => set((now) => ({ ...now, warehouse: e.target.value }))}
              >
                {houses.data?.rows.map((row) => (
                  <option key={row.id} value={row.id}>
                    {String(row['name'])}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Labelled label={words.field('receipt', 'reason')}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                maxLength={200}
                value={draft.reason}
                onChange={(e) => set((now) => ({ ...now, reason: e.target.value }))}
              />
            )}
          </Labelled>
        </div>
      </section>
      <section className="card">
        <div className="in">
          <LineGrid
            label={words.entities('receipt_line')}
            lines={draft.lines}
            set={(to) => set((now) => ({ ...now, lines: to(now.lines) }))}
            errors={
              line !== undefined && refused instanceof Problem ? { [line]: refused.title } : {}
            }
            save={() => void save()}
            columns={[
              { key: 'product', label: words.field('receipt_line', 'product'), kind: 'product' },
              { key: 'qty', label: words.field('receipt_line', 'qty'), kind: 'figure' },
              { key: 'value', label: `${t('receipt-value')} ${company.currency}`, kind: 'figure' },
            ]}
          />
        </div>
      </section>
    </div>
  );
}
