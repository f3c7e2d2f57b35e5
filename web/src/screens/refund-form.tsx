// A refund is drawn up: whose money, which of what is free, and how much of it goes back.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Problem, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { Crumb } from '../meta/row.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason as said, toast } from '../ui/toast.tsx';
import { type Free, freeOf } from './refund-data.ts';

const METHODS = ['transfer', 'wechat', 'alipay', 'cash', 'bill'];

export function RefundForm({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const search = useSearch({ strict: false }) as { party?: string; from?: string };
  const [party, setParty] = useState(search.party ?? '');
  const [chosen, setChosen] = useState(search.from ?? '');
  const [typed, setTyped] = useState<string | null>(null);
  const [method, setMethod] = useState('transfer');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const asked = useQuery({
    queryKey: ['free money', party],
    enabled: party !== '',
    queryFn: () => freeOf(party),
  });
  const all = asked.data ?? [];
  const from: Free | undefined = all.find((one) => one.id === chosen) ?? all[0];
  const amount = typed ?? from?.free ?? '';
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!from) return;
    setBusy(true);
    try {
      const clean = amount.replaceAll(/[,，\s]/g, '');
      const body = { [from.kind]: from.id, amount: clean, method, reason };
      const made = await send('refunds', body, { key });
      toast(t('made', { what: words.entity('refund') }));
      await navigate({
        to: '/$collection/$id',
        params: { collection: 'refunds', id: made.id },
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
  const shown = (value: string): string => money(lang, value, from?.currency ?? company.currency);
  return (
    <div className="page narrow">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{words.verb('refund', 'create')}</h1>
      </div>
      <form className="card" onSubmit={(event) => void save(event)}>
        <div className="in stack">
          {refused !== null && !field('amount') && !field('reason') && (
            <Note tone="bad">{said(refused, t)}</Note>
          )}
          <Labelled label={words.field('refund', 'party')} required>
            {(ids) => (
              <Picker
                {...ids}
                entity="party"
                filter={['is_customer:eq:true']}
                value={party}
                autoFocus={!party}
                onPick={(id) => {
                  setParty(id);
                  setChosen('');
                  setTyped(null);
                }}
              />
            )}
          </Labelled>
          {asked.error && <Note tone="bad">{said(asked.error, t)}</Note>}
          {asked.data && all.length === 0 && <Note>{t('refund-nothing-free')}</Note>}
          {from && (
            <fieldset className="stack">
              <legend>{t('refund-of')}</legend>
              {all.map((one) => (
                <label key={one.id} className="rowx">
                  <input
                    type="radio"
                    name="from"
                    checked={one.id === from.id}
                    onChange={() => {
                      setChosen(one.id);
                      setTyped(null);
                    }}
                  />
                  <span className="grow">
                    <b>{one.number}</b>{' '}
                    <small className="muted">{words.field('refund', one.kind)}</small>
                  </span>
                  <b className="num">{shown(one.free)}</b>
                </label>
              ))}
            </fieldset>
          )}
          <div className="fields">
            <Labelled
              label={`${words.field('refund', 'amount')} ${from?.currency ?? company.currency}`}
              required
              error={field('amount')}
            >
              {(ids) => (
                <input
                  {...ids}
                  className="input num"
                  inputMode="decimal"
                  required
                  autoComplete="off"
                  value={amount}
                  onChange={(e) => setTyped(e.target.value)}
                />
              )}
            </Labelled>
            <OneOf owner="refund" name="method" options={METHODS} value={method} set={setMethod} />
            <Labelled label={words.field('refund', 'reason')} required error={field('reason')}>
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
          </div>
          <p className="muted">{t('refund-how')}</p>
          <div className="rowx">
            <Button kind="primary" type="submit" busy={busy} disabled={!from}>
              {words.verb('refund', 'create')}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}
