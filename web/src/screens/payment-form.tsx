// Recording money that came in: from whom, how much, and at once what it pays.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { Problem, get, list, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compare, isZero, money, parse } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { Crumb } from '../meta/row.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { DayInput } from '../ui/day-input.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { suggest } from './suggest.ts';

const METHODS = ['transfer', 'wechat', 'alipay', 'cash', 'bill'];

export function PaymentForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { today, company } = useMe();
  const search = useSearch({ strict: false }) as { party?: string; invoice?: string };
  const [party, setParty] = useState(search.party ?? '');
  const [amount, setAmount] = useState('');
  const [method, setMethod] = useState('transfer');
  const [day, setDay] = useState(today);
  const [reference, setReference] = useState('');
  const [pays, setPays] = useState<Record<string, string>>({});
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const owed = useQuery({
    queryKey: ['owed', party],
    enabled: party !== '',
    queryFn: () =>
      list('invoices', {
        filter: [`party:eq:${party}`, 'state:eq:posted', 'open:gt:0'],
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
    if (asked.data && !touched) setAmount((now) => now || String(asked.data['open']));
  }, [asked.data, touched]);
  useEffect(() => {
    if (touched || !owed.data || parse(amount) === undefined) return;
    const named = search.invoice
      ? owed.data.rows.filter((r) => r.id === search.invoice)
      : owed.data.rows;
    setPays(suggest(amount, reference, named));
  }, [owed.data, amount, reference, touched, search.invoice]);
  const sum = add(Object.values(pays).map((v) => (parse(v) === undefined ? '0' : v)));
  const tooMuch = parse(amount) !== undefined && compare(sum, amount) > 0;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const lines = Object.entries(pays)
        .filter(([, v]) => v && !isZero(v))
        .map(([invoice, v]) => ({ invoice, amount: v.replaceAll(/[,，\s]/g, '') }));
      const made = await send(
        'payments',
        {
          party,
          amount: amount.replaceAll(/[,，\s]/g, ''),
          method,
          value_day: day,
          reference,
          lines,
        },
        { key },
      );
      toast(t('made', { what: words.entity('payment') }));
      await navigate({
        to: '/$collection/$id',
        params: { collection: 'payments', id: made.id },
        replace: true,
      });
      await refresh();
    } catch (error) {
      setRefused(error);
      setKey(newKey());
      setBusy(false);
    }
  };
  const fieldError = (name: string): string | undefined =>
    refused instanceof Problem && refused.field === name ? refused.title : undefined;
  return (
    <div className="page narrow">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{words.verb('payment', 'create')}</h1>
      </div>
      <form className="card" onSubmit={(event) => void save(event)}>
        <div className="in stack">
          {refused !== null && !fieldError('amount') && !fieldError('party') && (
            <Note tone="bad">{reason(refused, t)}</Note>
          )}
          <div className="fields">
            <Labelled label={words.field('payment', 'party')} required error={fieldError('party')}>
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
            <Labelled
              label={`${words.field('payment', 'amount')} ${company.currency}`}
              required
              error={fieldError('amount')}
            >
              {(ids) => (
                <input
                  {...ids}
                  className="input num"
                  inputMode="decimal"
                  required
                  autoComplete="off"
                  value={amount}
                  onChange={(e) => setAmount(e.target.value)}
                />
              )}
            </Labelled>
            <OneOf owner="payment" name="method" options={METHODS} value={method} set={setMethod} />
            <Labelled label={words.field('payment', 'value_day')} error={fieldError('value_day')}>
              {(ids) => (
                <DayInput {...ids} required value={day} set={setDay} />
              )}
            </Labelled>
            <Labelled label={words.field('payment', 'reference')}>
              {(ids) => (
                <input
                  {...ids}
                  className="input"
                  maxLength={200}
                  value={reference}
                  onChange={(e) => setReference(e.target.value)}
                />
              )}
            </Labelled>
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
                        {money(lang, row['open'], company.currency)}
                      </small>
                    </span>
                    <input
                      className="input num"
                      style={{ width: 130 }}
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
          <div className="rowx">
            <Button kind="primary" type="submit" busy={busy} disabled={!party || tooMuch}>
              {words.verb('payment', 'create')}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}
