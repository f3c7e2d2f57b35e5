// Recording money that came in: from whom, how much, and at once what it pays.
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get, list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compare, isZero, money, parse, plain } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { CurrencyPicker } from '../meta/currency-picker.tsx';
import { DrawUp, Typed, useDrawUp } from '../meta/draw-up.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { DayInput } from '../ui/day-input.tsx';
import { Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { suggest } from './suggest.ts';

const METHODS = ['transfer', 'wechat', 'alipay', 'cash', 'bill'];

export function PaymentForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { today, company } = useMe();
  const search = useSearch({ strict: false }) as { party?: string; invoice?: string };
  const [party, setParty] = useState(search.party ?? '');
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState('');
  const [method, setMethod] = useState('transfer');
  const [day, setDay] = useState(today);
  const [reference, setReference] = useState('');
  const [pays, setPays] = useState<Record<string, string>>({});
  const [touched, setTouched] = useState(false);
  const form = useDrawUp(entity);
  const owed = useQuery({
    queryKey: ['owed', party, currency],
    enabled: party !== '',
    queryFn: () =>
      list('invoices', {
        filter: [
          `party:eq:${party}`,
          'state:eq:posted',
          'open:gt:0',
          `currency:eq:${currency || company.currency}`,
        ],
        fields: 'number,due,open,currency',
        sort: 'due',
        limit: 200,
      }),
  });
  // Coming from an invoice: its open amount is what most likely came in.
  const asked = useQuery({
    queryKey: ['row', 'invoices', search.invoice, 'open'],
    enabled: Boolean(search.invoice),
    queryFn: () => get(`invoices/${search.invoice}`),
  });
  useEffect(() => {
    if (!asked.data || touched) return;
    const of = String(asked.data['currency']);
    setCurrency((now) => now || (of === company.currency ? '' : of));
    setAmount((now) => now || String(asked.data['open']));
  }, [asked.data, touched, company.currency]);
  useEffect(() => {
    if (touched || !owed.data || parse(amount) === undefined) return;
    const named = search.invoice
      ? owed.data.rows.filter((r) => r.id === search.invoice)
      : owed.data.rows;
    setPays(suggest(amount, reference, named));
  }, [owed.data, amount, reference, touched, search.invoice]);
  const sum = add(Object.values(pays).map((v) => (parse(v) === undefined ? '0' : v)));
  const tooMuch = parse(amount) !== undefined && compare(sum, amount) > 0;
  const body = (): object => {
    const lines = Object.entries(pays)
      .filter(([, v]) => v && !isZero(v))
      .map(([invoice, v]) => ({ invoice, amount: plain(v) }));
    const sent = { party, amount: plain(amount), method, value_day: day, reference, lines };
    return currency ? { ...sent, currency } : sent;
  };
  return (
    <DrawUp
      entity={entity}
      title={words.verb('payment', 'create')}
      label={words.verb('payment', 'create')}
      form={form}
      fields={['amount', 'party', 'value_day', 'currency']}
      disabled={!party || tooMuch}
      body={body}
    >
          <div className="fields">
            <Labelled label={words.field('payment', 'party')} required error={form.at('party')}>
              {(ids) => (
                <Picker
                  {...ids}
                  entity="party"
                  filter={['is_customer:eq:true']}
                  value={party}
                  autoFocus={!party}
                  onPick={setParty}
                />
              )}
            </Labelled>
            <CurrencyPicker
              owner="payment"
              value={currency}
              set={(to) => {
                setCurrency(to);
                setPays({});
              }}
              error={form.at('currency')}
            />
            <Typed
              label={`${words.field('payment', 'amount')} ${currency || company.currency}`}
              value={amount}
              set={setAmount}
              error={form.at('amount')}
              required
              figure
            />
            <OneOf owner="payment" name="method" options={METHODS} value={method} set={setMethod} />
            <Labelled label={words.field('payment', 'value_day')} error={form.at('value_day')}>
              {(ids) => (
                <DayInput {...ids} required value={day} set={setDay} />
              )}
            </Labelled>
            <Typed
              label={words.field('payment', 'reference')}
              value={reference}
              set={setReference}
              max={200}
            />
          </div>
          {owed.data && owed.data.rows.length > 0 && (
            <div>
              <h2>{t('matching-owed')}</h2>
              <ul className="plain">
                {owed.data.rows.map((row) => (
                  <li key={row.id}>
                    <span className="grow">
                      <b>{String(row['number'])}</b>
                      <small className="muted">
                        {words.field('invoice', 'due')} {String(row['due'] ?? '')} ·{' '}
                        {money(lang, row['open'], currency || company.currency)}
                      </small>
                    </span>
                    <input
                      className="input num"
                      style={{ width: 150 }}
                      inputMode="decimal"
                      aria-label={t('matching-amount', { number: String(row['number']) })}
                      value={pays[row.id] ?? ''}
                      onChange={(e) => {
                        setTouched(true);
                        setPays((now) => ({ ...now, [row.id]: e.target.value }));
                      }}
                    />
                  </li>
                ))}
              </ul>
              {tooMuch && <Note tone="warn">{t('matching-too-much')}</Note>}
            </div>
          )}
          {party && owed.data?.rows.length === 0 && <Note>{t('payment-free')}</Note>}
    </DrawUp>
  );
}
