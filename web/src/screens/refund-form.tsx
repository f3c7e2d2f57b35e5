// A refund is drawn up: whose money, which of what is free, and how much of it goes back.
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { money, plain } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { DrawUp, Typed, useDrawUp } from '../meta/draw-up.tsx';
import { OneOf } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason as said } from '../ui/toast.tsx';
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
  const form = useDrawUp(entity);
  const asked = useQuery({
    queryKey: ['free money', party],
    enabled: party !== '',
    queryFn: () => freeOf(party),
  });
  const all = asked.data ?? [];
  const from: Free | undefined = all.find((one) => one.id === chosen) ?? all[0];
  const amount = typed ?? from?.free ?? '';
  const body = (): object =>
    from ? { [from.kind]: from.id, amount: plain(amount), method, reason } : {};
  const shown = (value: string): string => money(lang, value, from?.currency ?? company.currency);
  return (
    <DrawUp
      entity={entity}
      title={words.verb('refund', 'create')}
      label={words.verb('refund', 'create')}
      form={form}
      fields={['amount', 'reason']}
      disabled={!from}
      body={body}
    >
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
            <Typed
              label={`${words.field('refund', 'amount')} ${from?.currency ?? company.currency}`}
              value={amount}
              set={setTyped}
              error={form.at('amount')}
              required
              figure
            />
            <OneOf owner="refund" name="method" options={METHODS} value={method} set={setMethod} />
            <Typed
              label={words.field('refund', 'reason')}
              value={reason}
              set={setReason}
              error={form.at('reason')}
              max={200}
              required
            />
          </div>
          {from && from.currency !== company.currency && (
            <Note>{t('refund-foreign', { currency: from.currency, rate: from.rate, own: company.currency })}</Note>
          )}
          <p className="muted">{t('refund-how')}</p>
    </DrawUp>
  );
}
