// One invoice over several orders of a customer, or the run over all whose day it is; looked at first.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Row, newKey, send } from '../api/client.ts';
import { plusDays } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount, count } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { FieldInput } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { Crumb } from '../meta/row.tsx';
import { Ref } from '../meta/show.tsx';
import { useRefresh } from '../meta/verbs.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { BillPicks } from './bill-picks.tsx';
import { billable, linesOf } from './bill-data.ts';

type Answer = Row & { invoices?: Row[]; more?: boolean };

/** The last day of the month before a day. */
const lastMonth = (today: string): string => plusDays(`${today.slice(0, 7)}-01`, -1);

export function BillSeveral({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { today } = useMe();
  const said = useSearch({ strict: false }) as { party?: string };
  const [party, setParty] = useState(said.party ?? '');
  const [until, setUntil] = useState(() => lastMonth(today));
  const [left, setLeft] = useState<string[]>([]);
  const [looked, setLooked] = useState<Row[] | null>(null);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState('');
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const create = entity.verbs.find((v) => v.name === 'create');
  const asked = useQuery({
    queryKey: ['to bill', party],
    enabled: party !== '',
    queryFn: () => billable(party),
  });
  const orders = asked.data ?? [];
  const chosen = linesOf(orders, left);
  const anew = (): void => {
    setLooked(null);
    setRefused(null);
  };
  const ask = async (dry: boolean): Promise<void> => {
    setBusy(dry ? 'look' : 'make');
    setRefused(null);
    try {
      const body = party ? { lines: chosen } : { until };
      const answer = await send<Answer>(`invoices${dry ? '?dry=yes' : ''}`, body, { key });
      const all = answer.invoices ?? [answer];
      setMore(answer.more === true);
      if (dry) return setLooked(all);
      toast(t('bills-made', { count: all.length }));
      await refresh();
      const one = party ? all[0]?.id : undefined;
      if (one) void navigate({ to: '/$collection/$id', params: { collection: 'invoices', id: one } });
      else void navigate({ to: '/billing' });
    } catch (error) {
      setLooked(null);
      setRefused(error);
      setKey(newKey());
    } finally {
      setBusy('');
    }
  };
  return (
    <div className="page">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{words.verb('invoice', 'create')}</h1>
        <span className="sub">{t('bills-sub')}</span>
      </div>
      <section className="card">
        <form
          className="in fields"
          onSubmit={(e) => {
            e.preventDefault();
            void ask(true);
          }}
        >
          {create?.takes
            .filter((field) => field.name === 'party' || !party)
            .map((field) => (
              <FieldInput
                key={field.name}
                owner="invoice"
                field={field}
                value={field.name === 'party' ? party : until}
                set={(value) => {
                  anew();
                  setLeft([]);
                  if (field.name === 'party') setParty(String(value ?? ''));
                  else setUntil(String(value ?? ''));
                }}
              />
            ))}
          {party && asked.data && (
            <BillPicks
              orders={orders}
              left={left}
              set={(now) => {
                anew();
                setLeft(now);
              }}
            />
          )}
          <div className="field wide">
            <span className="muted">{party ? '' : t('bills-all')}</span>
            <div className="rowx">
              <Button type="submit" busy={busy === 'look'} disabled={party ? asked.isPending || chosen.length === 0 : !until}>
                {t('statements-look')}
              </Button>
              {looked && looked.length > 0 && (
                <Button kind="primary" busy={busy === 'make'} onClick={() => void ask(false)}>
                  {t('bills-make', { count: looked.length })}
                </Button>
              )}
            </div>
          </div>
        </form>
      </section>
      {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
      {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
      {looked?.length === 0 && <Note>{t('billing-none')}</Note>}
      {more && <Note tone="warn">{t('statements-more')}</Note>}
      {looked && looked.length > 0 && (
        <section className="card">
          <div className="in scroll" role="region" aria-label={words.entities('invoice')} tabIndex={0}>
            <table className="grid lines statement">
              <thead>
                <tr>
                  <th>{words.field('invoice', 'party')}</th>
                  {party && <th className="num">{words.entities('invoice_line')}</th>}
                  {['net', 'tax', 'gross'].map((name) => (
                    <th key={name} className="num">
                      {words.field('invoice', name)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {looked.map((row) => (
                  <tr key={row.id}>
                    <td data-label={words.field('invoice', 'party')}>
                      <Ref entity="party" id={row['party']} plain />
                    </td>
                    {party && (
                      <td className="num" data-label={words.entities('invoice_line')}>
                        {count(lang, ((row['lines'] as Row[] | undefined) ?? []).length)}
                      </td>
                    )}
                    {['net', 'tax', 'gross'].map((name) => (
                      <td key={name} className="num" data-label={words.field('invoice', name)}>
                        {amount(lang, row[name])} {String(row['currency'])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}
