// Drawing up statements: of one customer, or of all whose statement day it is, looked at first.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Row, newKey, send } from '../api/client.ts';
import { plusDays } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { FieldInput } from '../meta/inputs.tsx';
import type { Entity } from '../meta/meta.ts';
import { Crumb } from '../meta/row.tsx';
import { Ref } from '../meta/show.tsx';
import { useRefresh } from '../meta/verbs.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';

type Answer = Row & { statements?: Row[]; more?: boolean };

/** The last day of the month before a day. */
const lastMonth = (today: string): string => plusDays(`${today.slice(0, 7)}-01`, -1);

export function StatementRun({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { today } = useMe();
  const said = useSearch({ strict: false }) as { party?: string };
  const [party, setParty] = useState(said.party ?? '');
  const [until, setUntil] = useState(() => lastMonth(today));
  const [looked, setLooked] = useState<Row[] | null>(null);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState('');
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const create = entity.verbs.find((v) => v.name === 'create');
  const anew = (): void => {
    setLooked(null);
    setRefused(null);
  };
  const ask = async (dry: boolean): Promise<void> => {
    setBusy(dry ? 'look' : 'make');
    setRefused(null);
    try {
      const body = { period_until: until, ...(party ? { party } : {}) };
      const answer = await send<Answer>(`statements${dry ? '?dry=yes' : ''}`, body, { key });
      const all = answer.statements ?? [answer];
      setMore(answer.more === true);
      if (dry) return setLooked(all);
      toast(t('statements-made', { count: all.length }));
      await refresh();
      const one = party ? all[0]?.id : undefined;
      if (one) {
        void navigate({ to: '/$collection/$id', params: { collection: 'statements', id: one } });
      } else void navigate({ to: '/$collection', params: { collection: 'statements' } });
    } catch (error) {
      setRefused(error);
      setKey(newKey());
    } finally {
      setBusy('');
    }
  };
  const currencies = new Set(looked?.map((row) => String(row['currency'])));
  // Said once in the head where it is the same for all.
  const one = currencies.size === 1 ? [...currencies][0] : undefined;
  return (
    <div className="page">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{t('statements-title')}</h1>
        <span className="sub">{t('statements-sub')}</span>
      </div>
      <section className="card">
        <form
          className="in fields"
          onSubmit={(e) => {
            e.preventDefault();
            void ask(true);
          }}
        >
          {create?.takes.map((field) => (
            <FieldInput
              key={field.name}
              owner="statement"
              field={field}
              value={field.name === 'party' ? party : until}
              set={(value) => {
                anew();
                if (field.name === 'party') setParty(String(value ?? ''));
                else setUntil(String(value ?? ''));
              }}
            />
          ))}
          <div className="field wide">
            <span className="muted">{party ? '' : t('statements-all')}</span>
            <div className="rowx">
              <Button type="submit" busy={busy === 'look'}>
                {t('statements-look')}
              </Button>
              {looked && looked.length > 0 && (
                <Button kind="primary" busy={busy === 'make'} onClick={() => void ask(false)}>
                  {t('statements-make', { count: looked.length })}
                </Button>
              )}
            </div>
          </div>
        </form>
      </section>
      {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
      {looked?.length === 0 && <Note>{t('statements-none')}</Note>}
      {more && <Note tone="warn">{t('statements-more')}</Note>}
      {looked && looked.length > 0 && (
        <section className="card">
          <div
            className="in scroll"
            role="region"
            aria-label={words.entities('statement')}
            tabIndex={0}
          >
            <table className="grid lines statement">
              <thead>
                <tr>
                  <th>{words.field('statement', 'party')}</th>
                  {['opening', 'delivered', 'returned', 'paid', 'closing'].map((name) => (
                    <th key={name} className="num">
                      {words.field('statement', name)}
                      {one && <small className="muted"> {one}</small>}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {looked.map((row) => (
                  <tr key={row.id}>
                    <td data-label={words.field('statement', 'party')}>
                      <Ref entity="party" id={row['party']} plain />
                    </td>
                    {['opening', 'delivered', 'returned', 'paid', 'closing'].map((name) => (
                      <td
                        key={name}
                        className="num"
                        data-label={words.field('statement', name)}
                      >
                        {amount(lang, row[name])}
                        {!one && ` ${String(row['currency'])}`}
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
