// A confirmed order is to change: whose wish it is, and each line as it is to be.
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Row, get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { isZero, parse, plain, quantity } from '../lib/number.ts';
import { DrawUp, Typed, useDrawUp } from '../meta/draw-up.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { DayInput } from '../ui/day-input.tsx';
import { Labelled } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';

const ASKED_BY = ['customer', 'sales', 'supply'];
/** Of a figure and its heading, px. */
const WIDTH = 138;
const EMPTY = { reason: '', evidence: '', ship_to: '' };
type Wish = { qty?: string; price?: string };

/** What is wanted of a line; a quantity of nothing gives up what has not left. */
function wishOf(line: Row, wish: Wish | undefined): object | undefined {
  const [qty, price] = [plain(wish?.qty ?? ''), plain(wish?.price ?? '')];
  if (!qty && !price) return undefined;
  const line_no = line['line_no'];
  if (qty && isZero(qty)) return { line_no, remove: true };
  return { line_no, ...(qty && { qty }), ...(price && { price }) };
}

export function ChangeForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const search = useSearch({ strict: false }) as { order?: string };
  const [order, setOrder] = useState(search.order ?? '');
  const [askedBy, setAskedBy] = useState('customer');
  const [day, setDay] = useState('');
  const [texts, setTexts] = useState(EMPTY);
  const [wishes, setWishes] = useState<Record<string, Wish>>({});
  const form = useDrawUp(entity);
  const asked = useQuery({
    queryKey: ['row', 'orders', order, 'lines'],
    enabled: order !== '',
    queryFn: () => get(`orders/${order}`, { lines: 'yes' }),
  });
  const lines = (asked.data?.['order_lines'] as Row[] | undefined) ?? [];
  const body = (): object => ({
    order,
    asked_by: askedBy,
    ...texts,
    ...(day && { requested_on: day }),
    lines: lines.map((l) => wishOf(l, wishes[l.id])).filter((wish) => wish),
  });
  const text = (name: keyof typeof EMPTY, max: number, required = false) => (
    <Typed
      label={words.field('change_order', name)}
      value={texts[name]}
      set={(value) => setTexts((now) => ({ ...now, [name]: value }))}
      error={form.at(name)}
      max={max}
      required={required}
    />
  );
  const figure = (line: Row, name: 'qty' | 'price', now: string) => (
    <input
      className="input num"
      style={{ width: WIDTH }}
      inputMode="decimal"
      placeholder={now}
      aria-label={`${words.field('change_line', `${name}_after`)} ${String(line['text'])}`}
      aria-invalid={
        wishes[line.id]?.[name] && parse(wishes[line.id]?.[name] ?? '') === undefined
          ? true
          : undefined
      }
      value={wishes[line.id]?.[name] ?? ''}
      onChange={(e) =>
        setWishes((all) => ({ ...all, [line.id]: { ...all[line.id], [name]: e.target.value } }))
      }
    />
  );
  return (
    <DrawUp
      entity={entity}
      title={t('new-of', { what: words.entity('change_order') })}
      label={t('save')}
      form={form}
      fields={['reason', 'evidence', 'requested_on', 'ship_to']}
      disabled={!order}
      body={body}
    >
          <div className="fields">
            <Labelled label={words.field('change_order', 'order_id')} required>
              {(ids) => (
                <Picker
                  {...ids}
                  entity="order"
                  beside="state"
                  filter={['state:eq:confirmed']}
                  value={order}
                  autoFocus={!order}
                  onPick={setOrder}
                />
              )}
            </Labelled>
            <OneOf
              owner="change_order"
              name="asked_by"
              options={ASKED_BY}
              value={askedBy}
              set={setAskedBy}
            />
            {text('reason', 200, true)}
            {text('evidence', 200)}
            <Labelled
              label={words.field('change_order', 'requested_on')}
              error={form.at('requested_on')}
            >
              {(ids) => <DayInput {...ids} value={day} set={setDay} />}
            </Labelled>
            {text('ship_to', 300)}
          </div>
          {lines.length > 0 && <p className="muted">{t('change-hint')}</p>}
          <ul className="pick-lines paired">
            {lines.length > 0 && (
              <li aria-hidden className="muted">
                <span className="grow">{words.field('change_line', 'product')}</span>
                {(['qty_after', 'price_after'] as const).map((name) => (
                  <span key={name} style={{ width: WIDTH, textAlign: 'end' }}>
                    {words.field('change_line', name)}
                  </span>
                ))}
              </li>
            )}
            {lines.map((line) => (
              <li key={line.id}>
                <span className="grow">{String(line['text'])}</span>
                {figure(line, 'qty', quantity(lang, line['ordered']))}
                {figure(line, 'price', String(line['price_entered'] ?? ''))}
              </li>
            ))}
          </ul>
    </DrawUp>
  );
}
