// Cash matching: money at the left, what the customer owes at the right, a suggestion between.
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Banknote, CircleCheck, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Row, list, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compare, isZero, money, parse, plain, text } from '../lib/number.ts';
import { useKeys } from '../lib/keys.ts';
import { useMe } from '../lib/session.tsx';
import { useIndex } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { useRefresh } from '../meta/verbs.tsx';
import { Failed } from '../ui/frames.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Button, Empty, Loading } from '../ui/parts.tsx';
import { toast, useToastProblem } from '../ui/toast.tsx';
import { suggest } from './suggest.ts';

export function Matching() {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const create = useIndex().some((e) => e.name === 'payment' && e.create);
  const asked = useQuery({
    queryKey: ['to-match'],
    queryFn: () =>
      list('payments', {
        filter: ['state:eq:cleared', 'direction:eq:in', 'unapplied:gt:0'],
        fields: 'number,party,amount,unapplied,currency,value_day,reference,version',
        sort: 'value_day',
        limit: 200,
      }),
  });
  const rows = asked.data?.rows ?? [];
  const search = useSearch({ strict: false }) as { payment?: string };
  const [chosen, setChosen] = useState(search.payment ?? '');
  const at = Math.max(
    0,
    rows.findIndex((r) => r.id === chosen),
  );
  const payment = rows[at];
  const move = (by: number): void =>
    setChosen(rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.id ?? '');
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
  });
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-matching')}</h1>
        <span className="sub">{t('matching-sub')}</span>
        <span className="sp" />
        {create && (
          <Link className="btn primary" to="/$collection/new" params={{ collection: 'payments' }}>
            <Plus aria-hidden />
            {words.verb('payment', 'create')}
          </Link>
        )}
      </div>
      {asked.isPending && <Loading lines={5} />}
      {asked.error && <Failed error={asked.error} again={asked.refetch} />}
      {asked.data && rows.length === 0 && (
        <div className="card">
          <Empty
            icon={<CircleCheck aria-hidden />}
            title={t('matching-none')}
            text={t('matching-none-text')}
          />
        </div>
      )}
      {payment && (
        <div className="panes">
          <section className="card">
            <header>
              <h2>{t('matching-money')}</h2>
              <span className="muted">{rows.length}</span>
            </header>
            <ul
              className="in choose"
              role="listbox"
              aria-label={t('matching-money')}
              tabIndex={0}
              aria-activedescendant={`pay-${payment.id}`}
            >
              {rows.map((row) => (
                <li
                  key={row.id}
                  id={`pay-${row.id}`}
                  role="option"
                  aria-selected={row.id === payment.id}
                  onClick={() => setChosen(row.id)}
                  onKeyDown={() => undefined}
                >
                  <Banknote size={16} aria-hidden />
                  <span className="grow">
                    <b>
                      <Ref entity="party" id={row['party']} plain />
                    </b>
                    <small className="muted">
                      {String(row['value_day'])} · {String(row['reference'] || row['number'])}
                    </small>
                  </span>
                  <b className="num">
                    {money(lang, row['unapplied'], String(row['currency'] || company.currency))}
                  </b>
                </li>
              ))}
            </ul>
          </section>
          <Owed key={payment.id} payment={payment} done={() => move(1)} />
        </div>
      )}
    </div>
  );
}

function Owed({ payment, done }: { payment: Row; done: () => void }) {
  const { t, words, lang } = useWords();
  const currency = String(payment['currency'] || useMe().company.currency);
  const asked = useQuery({
    queryKey: ['owed', payment['party']],
    queryFn: () =>
      list('invoices', {
        filter: [
          `party:eq:${String(payment['party'])}`,
          'state:eq:posted',
          'open:gt:0',
          `currency:eq:${currency}`,
        ],
        fields: 'number,day,due,gross,open,currency',
        sort: 'due',
        limit: 200,
      }),
  });
  const rows = asked.data?.rows ?? [];
  const free = String(payment['unapplied']);
  const [pays, setPays] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const refresh = useRefresh();
  const problem = useToastProblem();
  useEffect(() => {
    if (asked.data) setPays(suggest(free, String(payment['reference'] ?? ''), asked.data.rows));
  }, [asked.data, free, payment]);
  const paid = add(Object.values(pays).map((v) => (parse(v) === undefined ? '0' : v)));
  const left = text((parse(free) ?? 0n) - (parse(paid) ?? 0n));
  const tooMuch = compare(paid, free) > 0;
  const save = async (): Promise<void> => {
    if (isZero(paid) || tooMuch || busy) return;
    setBusy(true);
    try {
      const lines = Object.entries(pays)
        .filter(([, v]) => !isZero(v))
        .map(([invoice, v]) => ({ invoice, amount: plain(v) }));
      await send(`payments/${payment.id}/allocate`, { lines }, { version: payment.version, key });
      toast(t('matching-done', { amount: money(lang, paid, currency), count: lines.length }));
      done();
      await refresh();
    } catch (error) {
      problem(error);
      await refresh();
    } finally {
      setBusy(false);
    }
  };
  useKeys({ 'ctrl+Enter': () => void save() });
  return (
    <section className="card">
      <header>
        <h2>{t('matching-owed')}</h2>
        <span className="sp" />
        <Link
          className="text"
          to="/$collection/$id"
          params={{ collection: 'payments', id: payment.id }}
        >
          {String(payment['number'])}
        </Link>
      </header>
      <div className="in stack">
        {asked.isPending && <Loading />}
        {asked.data && rows.length === 0 && (
          <Empty title={t('matching-nothing-owed')} text={t('matching-nothing-owed-text')} />
        )}
        {rows.length > 0 && (
          <>
            <div className="scroll" role="region" aria-label={t('matching-owed')} tabIndex={0}>
              <CardTable>
                <thead>
                  <tr>
                    <th>{words.entity('invoice')}</th>
                    <th>{words.field('invoice', 'due')}</th>
                    <th className="num">{words.field('invoice', 'open')}</th>
                    <th className="num">{words.verb('payment', 'allocate')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td>
                        <Link
                          className="no"
                          to="/$collection/$id"
                          params={{ collection: 'invoices', id: row.id }}
                        >
                          {String(row['number'])}
                        </Link>
                      </td>
                      <td className="nowrap">{String(row['due'] ?? '')}</td>
                      <td className="num">{money(lang, row['open'], currency)}</td>
                      <td className="num">
                        <input
                          className="input num"
                          style={{ width: 150 }}
                          inputMode="decimal"
                          aria-label={t('matching-amount', { number: String(row['number']) })}
                          aria-invalid={
                            pays[row.id] !== undefined &&
                            pays[row.id] !== '' &&
                            (parse(pays[row.id] ?? '') === undefined ||
                              compare(pays[row.id] ?? '0', String(row['open'])) > 0)
                              ? true
                              : undefined
                          }
                          value={pays[row.id] ?? ''}
                          onChange={(e) => setPays((now) => ({ ...now, [row.id]: e.target.value }))}
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </CardTable>
            </div>
            <dl className="totals" aria-live="polite">
              <div>
                <dt>{t('matching-free')}</dt>
                <dd>{money(lang, free, currency)}</dd>
              </div>
              <div>
                <dt>{t('matching-pays')}</dt>
                <dd>{money(lang, paid, currency)}</dd>
              </div>
              <div className="big">
                <dt>{t('matching-left')}</dt>
                <dd className={tooMuch ? 'neg' : undefined}>{money(lang, left, currency)}</dd>
              </div>
            </dl>
            <div className="rowx">
              <Button
                kind="primary"
                busy={busy}
                disabled={isZero(paid) || tooMuch}
                onClick={() => void save()}
              >
                {words.verb('payment', 'allocate')}
              </Button>
              <span className="muted only-wide">
                {tooMuch ? t('matching-too-much') : t('matching-keys')}
              </span>
            </div>
          </>
        )}
      </div>
    </section>
  );
}
