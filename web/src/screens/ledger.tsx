// The books: balances of a period with what stands behind each account, and the entries.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BookOpen } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, amount, compare, isZero, money, sign } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { Ref } from '../meta/show.tsx';
import { Failed } from '../ui/frames.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { DayInput } from '../ui/day-input.tsx';
import { Button, Empty, Labelled, Loading } from '../ui/parts.tsx';

type Search = { from?: string; until?: string; account?: string; cls?: string };
type Balance = {
  id: string;
  code: string;
  name: string;
  name_en: string;
  class: string;
  opening: string;
  debit: string;
  credit: string;
  closing: string;
};
/** What one kind of entry moved. */
type Kind = { kind: string; debit: string; credit: string };
type Line = {
  id: string;
  entry: string;
  day: string;
  debit: string;
  credit: string;
  kind: string;
  origin_kind: string;
  origin: string;
  text: string;
  /** The entry's own currency, and the amount in it, debit positive. */
  currency: string;
  amount: string;
};
const CLASSES = ['asset', 'liability', 'equity', 'cost', 'revenue', 'expense'];

export function Ledger() {
  const { t, words, lang } = useWords();
  const { today, company } = useMe();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const from = search.from ?? `${today.slice(0, 8)}01`;
  const until = search.until ?? today;
  const set = (change: Partial<Search>): void =>
    void navigate({
      to: '/ledger',
      search: (now: Search) => ({ ...now, ...change }),
      replace: true,
    } as never);
  const asked = useQuery({
    queryKey: ['balances', from, until],
    queryFn: () => get<{ rows: Balance[] }>('balances', { from, until }),
  });
  const all = asked.data?.rows ?? [];
  const rows = search.cls ? all.filter((r) => r.class === search.cls) : all;
  const chosen = all.find((r) => r.id === search.account);
  const cell = (value: string) => (isZero(value) ? '' : amount(lang, value));
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-ledger')}</h1>
        <span className="sub">{t('ledger-sub', { currency: company.currency })}</span>
        <span className="sp" />
        <Link className="btn" to="/$collection" params={{ collection: 'entries' }}>
          {words.entities('entry')}
        </Link>
        <Link className="btn" to="/$collection" params={{ collection: 'vouchers' }}>
          {words.entities('voucher')}
        </Link>
      </div>
      <div className="rowx period">
        <Labelled label={t('from')}>
          {(ids) => (
            <DayInput {...ids} value={from} set={(to) => to && set({ from: to })} />
          )}
        </Labelled>
        <Labelled label={t('until')}>
          {(ids) => (
            <DayInput {...ids} value={until} set={(to) => to && set({ until: to })} />
          )}
        </Labelled>
        <div className="chips" role="group" aria-label={words.field('account', 'class')}>
          {CLASSES.map((cls) => (
            <button
              key={cls}
              type="button"
              className="chip"
              aria-pressed={search.cls === cls}
              onClick={() => set({ cls: search.cls === cls ? undefined : cls })}
            >
              {words.option('account', 'class', cls)}
            </button>
          ))}
        </div>
      </div>
      {asked.isPending && <Loading lines={8} />}
      {asked.error && <Failed error={asked.error} again={asked.refetch} />}
      {asked.data && rows.length === 0 && (
        <div className="card">
          <Empty
            icon={<BookOpen aria-hidden />}
            title={t('ledger-none')}
            text={t('ledger-none-text')}
          />
        </div>
      )}
      {asked.data && !chosen && !search.cls && <Result rows={all} />}
      {rows.length > 0 && (
        <div className={chosen ? 'panes' : undefined}>
          <section className="card">
            <div className="in scroll" role="region" aria-label={t('nav-ledger')} tabIndex={0}>
              <CardTable>
                <thead>
                  <tr>
                    <th>{words.entity('account')}</th>
                    <th className="num">{t('ledger-opening')}</th>
                    <th className="num">{words.field('entry_line', 'debit')}</th>
                    <th className="num">{words.field('entry_line', 'credit')}</th>
                    <th className="num">{t('ledger-closing')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id} data-on={row.id === search.account || undefined}>
                      <td>
                        <button
                          type="button"
                          className="linkish"
                          aria-expanded={row.id === search.account}
                          onClick={() =>
                            set({ account: row.id === search.account ? undefined : row.id })
                          }
                        >
                          <span className="muted">{row.code}</span>{' '}
                          {lang === 'en' && row.name_en ? row.name_en : row.name}
                        </button>
                      </td>
                      <td className="num">
                        <Side value={row.opening} />
                      </td>
                      <td className="num">{cell(row.debit)}</td>
                      <td className="num">{cell(row.credit)}</td>
                      <td className="num">
                        <Side value={row.closing} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </CardTable>
            </div>
          </section>
          {chosen && (
            <AccountLines
              account={chosen}
              from={from}
              until={until}
              close={() => set({ account: undefined })}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** A balance with its side, as the books say it; nothing where there is none. */
function Side({ value }: { value: string }) {
  const { words, lang } = useWords();
  if (isZero(value)) return null;
  const side = sign(value) < 0 ? 'credit' : 'debit';
  return (
    <>
      <small className="muted">{words.option('account', 'side', side)}</small>{' '}
      {amount(lang, value.replace('-', ''))}
    </>
  );
}

const Waterfall = lazy(() => import('../ui/chart-waterfall.tsx'));
const negated = (amount: string): string =>
  amount.startsWith('-') ? amount.slice(1) : isZero(amount) ? amount : `-${amount}`;

/** What the period earned: revenue, less what it cost, by account. */
function Result({ rows }: { rows: Balance[] }) {
  const { t, lang } = useWords();
  // Turnover of the period, credit positive: what is earned adds, what is spent takes away.
  const turned = (row: Balance): string => add([row.credit, negated(row.debit)]);
  const earned = rows.filter((r) => r.class === 'revenue');
  const spent = rows.filter((r) => r.class === 'expense' || r.class === 'cost');
  if (earned.length === 0) return null;
  const steps = [...earned, ...spent].map((row) => ({
    key: row.id,
    label: `${row.code} ${lang === 'en' && row.name_en ? row.name_en : row.name}`,
    amount: turned(row),
    shown: amount(lang, turned(row)),
  }));
  const result = add(steps.map((s) => s.amount));
  const level = { key: 'result', label: t('ledger-result'), amount: result, level: true };
  return (
    <section className="card">
      <header>
        <h2>{t('ledger-result')}</h2>
      </header>
      <div className="in">
        <Suspense fallback={<Loading />}>
          <Waterfall
            name={t('ledger-result')}
            falls={[...steps, { ...level, shown: amount(lang, result) }]}
            heads={[t('ledger-step'), t('ledger-amount')]}
          />
        </Suspense>
      </div>
    </section>
  );
}

/** From where an account stood to where it stands, by what moved it. */
function Moved({ account, kinds }: { account: Balance; kinds: Kind[] }) {
  const { t, words, lang } = useWords();
  // A liability grows in credit: it is shown as people say it.
  const isCredit = ['liability', 'equity', 'revenue'].includes(account.class);
  const said = (debit: string): string => (isCredit ? negated(debit) : debit);
  const level = (key: string, label: string, at: string) => ({
    key,
    label,
    amount: said(at),
    shown: amount(lang, said(at)),
    level: true,
  });
  const steps = kinds.map((kind) => {
    const by = said(add([kind.debit, negated(kind.credit)]));
    const label = words.find(`entry-${kind.kind}`) ?? kind.kind;
    return { key: kind.kind, label, amount: by, shown: amount(lang, by) };
  });
  // What adds comes before what takes away, so that nothing dips below where it stood.
  steps.sort((a, b) => compare(b.amount, a.amount));
  return (
    <Suspense fallback={<Loading />}>
      <Waterfall
        name={t('ledger-moved')}
        falls={[
          level('opening', t('ledger-opening'), account.opening),
          ...steps,
          level('closing', t('ledger-closing'), account.closing),
        ]}
        heads={[t('ledger-step'), t('ledger-amount')]}
      />
    </Suspense>
  );
}

function AccountLines({
  account,
  from,
  until,
  close,
}: {
  account: Balance;
  from: string;
  until: string;
  close: () => void;
}) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const asked = useQuery({
    queryKey: ['balances', account.id, from, until],
    queryFn: () =>
      get<{ rows: Line[]; kinds: Kind[] }>(`balances/${account.id}`, { from, until }),
  });
  const rows = asked.data?.rows ?? [];
  return (
    <section className="card">
      <header>
        <h2>
          {account.code} {lang === 'en' && account.name_en ? account.name_en : account.name}
        </h2>
        <span className="sp" />
        <Button kind="ghost" onClick={close}>
          {t('close')}
        </Button>
      </header>
      <div className="in scroll" role="region" aria-label={account.name} tabIndex={0}>
        {asked.isPending && <Loading />}
        {asked.data && rows.length === 0 && <p className="muted">{t('ledger-still')}</p>}
        {asked.data && rows.length > 0 && <Moved account={account} kinds={asked.data.kinds} />}
        {rows.length > 0 && (
          <CardTable>
            <thead>
              <tr>
                <th>{words.field('entry', 'day')}</th>
                <th>{words.field('entry', 'kind')}</th>
                <th>{words.field('entry', 'origin')}</th>
                <th className="num">{words.field('entry_line', 'debit')}</th>
                <th className="num">{words.field('entry_line', 'credit')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td className="nowrap">{row.day}</td>
                  <td>
                    <Link
                      className="no"
                      to="/$collection/$id"
                      params={{ collection: 'entries', id: row.entry }}
                    >
                      {words.find(`entry-${row.kind}`) ?? row.kind}
                    </Link>
                  </td>
                  <td>
                    <Ref entity={row.origin_kind} id={row.origin} />
                    {row.currency !== company.currency && !isZero(row.amount) && (
                      <small className="muted"> {money(lang, row.amount, row.currency)}</small>
                    )}
                  </td>
                  <td className="num">{isZero(row.debit) ? '' : amount(lang, row.debit)}</td>
                  <td className="num">{isZero(row.credit) ? '' : amount(lang, row.credit)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        )}
      </div>
    </section>
  );
}
