// Above a customer: what is under way with them from lead to cash, and their credit.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileText, ShoppingCart } from 'lucide-react';
import { type Row, get, list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compact, count, money, sign } from '../lib/number.ts';
import { useMay, useMe } from '../lib/session.tsx';
import type { Entity } from '../meta/meta.ts';
import { useVerb } from '../meta/verbs.tsx';
import { Parts } from '../ui/chart.tsx';
import { Button, Tag } from '../ui/parts.tsx';
import { freeOf } from './refund-data.ts';

type Amount = { currency: string; amount: string };
type Stage = {
  name: string;
  collection: string;
  filter: string[];
  count: number;
  amounts: Amount[];
  waits: { name: string; count: number; amounts: Amount[] }[];
};
type Credit = {
  currency: string;
  controlled: boolean;
  state: string;
  state_reason: string;
  limit: string;
  used: string;
  left: string | null;
  order_part: string;
  unbilled_part: string;
  receivable_part: string;
  free_part: string;
};

export function CustomerTop({ entity, row }: { entity: Entity; row: Row }) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const may = useMay();
  const asked = useQuery({
    queryKey: ['river', row.id],
    queryFn: () => get<{ stages: Stage[] }>('river', { party: row.id }),
  });
  if (row['is_customer'] !== true) return null;
  const sum = (amounts: Amount[]): string =>
    add(amounts.filter((a) => a.currency === company.currency).map((a) => a.amount));
  return (
    <>
      <div className="rowx">
        {may('sales.order.create') && (
          <Link
            className="btn primary"
            to="/$collection/new"
            params={{ collection: 'orders' }}
            search={{ party: row.id } as never}
          >
            <ShoppingCart aria-hidden />
            {t('new-of', { what: words.entity('order') })}
          </Link>
        )}
        {may('sales.quote.create') && (
          <Link
            className="btn"
            to="/$collection/new"
            params={{ collection: 'quotes' }}
            search={{ party: row.id } as never}
          >
            <FileText aria-hidden />
            {t('new-of', { what: words.entity('quote') })}
          </Link>
        )}
      </div>
      {asked.data && (
        <nav className="card river" aria-label={t('river')}>
          {asked.data.stages.map((stage) => {
            const overdue = stage.waits.find((w) => w.name === 'invoice_overdue' && w.count > 0);
            return (
              <Link
                key={stage.name}
                to="/$collection"
                params={{ collection: stage.collection }}
                search={{ filter: stage.filter }}
                style={{ '--c': `var(--st-${stage.name})` } as never}
              >
                <span className="l">{t(`river-${stage.name}`)}</span>
                <span className="v">{count(lang, stage.count)}</span>
                <span className="d">
                  {stage.amounts.length > 0 && (
                    <span>{compact(lang, sum(stage.amounts), company.currency)}</span>
                  )}
                  {overdue && (
                    <b>
                      {t('customer-overdue', {
                        amount: compact(lang, sum(overdue.amounts), company.currency),
                      })}
                    </b>
                  )}
                </span>
              </Link>
            );
          })}
        </nav>
      )}
      {may('finance.payment.read') && <FreeMoney party={row.id} />}
      {may('terms.credit_account.read') && <CreditCard entity={entity} row={row} />}
    </>
  );
}

function CreditCard({ entity, row }: { entity: Entity; row: Row }) {
  const { t, words, lang } = useWords();
  const asked = useQuery({
    queryKey: ['credit', row.id],
    queryFn: () => get<{ credit: Credit | null }>(`parties/${row.id}/credit`),
  });
  const may = useMay();
  const { company } = useMe();
  const waiting = useQuery({
    queryKey: ['credit', row.id, 'changes'],
    enabled: may('terms.credit_change.read'),
    queryFn: () =>
      get<{ rows: { id: string; number: string }[] }>(
        `credit_changes?filter=party:eq:${row.id}&filter=company:eq:${company.id}&filter=state:eq:asked&fields=number&count=no`,
      ),
  });
  const { run, dialog } = useVerb(entity);
  const credit = asked.data?.credit;
  if (!asked.data) return null;
  const can = (verb: string): boolean => entity.verbs.some((v) => v.name === verb && v.may);
  const shown = (value: string): string => money(lang, value, credit?.currency ?? 'CNY');
  const over =
    credit?.left !== null &&
    credit !== null &&
    credit !== undefined &&
    sign(credit.left ?? '0') < 0;
  return (
    <section className="card">
      <header>
        <h2>{t('credit')}</h2>
        <span className={over ? 'neg' : 'muted'}>
          {!credit
            ? t('credit-none')
            : credit.controlled
              ? t('credit-said', {
                  used: shown(credit.used),
                  limit: shown(credit.limit),
                  left: shown(credit.left ?? '0'),
                })
              : t('credit-free', { used: shown(credit.used) })}
        </span>
        {credit && credit.state !== 'ok' && (
          <>
            <Tag tone={credit.state === 'blocked' ? 'bad' : 'warn'}>
              {words.state('credit_account', credit.state)}
            </Tag>
            <span className="muted">{credit.state_reason}</span>
          </>
        )}
        {waiting.data?.rows.map((change) => (
          <Link
            key={change.id}
            to="/$collection/$id"
            params={{ collection: 'credit_changes', id: change.id }}
          >
            {t('credit-waits', { number: change.number })}
          </Link>
        ))}
        <span className="sp" />
        {can('set_credit_state') && (
          <Button onClick={() => void run('set_credit_state', { ...row, state: '' })}>
            {words.verb('party', 'set_credit_state')}
          </Button>
        )}
        {can('set_credit_limit') && (
          <Button
            onClick={() =>
              void run('set_credit_limit', {
                ...row,
                limit: credit?.controlled ? credit.limit : '',
              })
            }
          >
            {words.verb('party', 'set_credit_limit')}
          </Button>
        )}
      </header>
      <div className="in">
        {credit && (
          <Parts
            name={t('credit')}
            parts={[
              {
                key: 'order',
                label: t('credit-order'),
                value: credit.order_part,
                shown: shown(credit.order_part),
                color: 'var(--st-order)',
              },
              {
                key: 'unbilled',
                label: t('credit-unbilled'),
                value: credit.unbilled_part,
                shown: shown(credit.unbilled_part),
                color: 'var(--st-shipment)',
              },
              {
                key: 'receivable',
                label: t('credit-receivable'),
                value: credit.receivable_part,
                shown: shown(credit.receivable_part),
                color: 'var(--st-bill)',
              },
              ...(credit.controlled && sign(credit.left ?? '0') > 0
                ? [
                    {
                      key: 'left',
                      label: t('credit-left'),
                      value: credit.left ?? '0',
                      shown: shown(credit.left ?? '0'),
                      color: 'var(--line)',
                    },
                  ]
                : []),
            ]}
          />
        )}
      </div>
      {dialog}
    </section>
  );
}

/** Money of theirs that pays nothing, and what of it is on its way back. */
function FreeMoney({ party }: { party: string }) {
  const { t, words, lang } = useWords();
  const may = useMay();
  const free = useQuery({ queryKey: ['free money', party], queryFn: () => freeOf(party) });
  const back = useQuery({
    queryKey: ['refunds under way', party],
    enabled: may('finance.refund.read'),
    queryFn: () =>
      list('refunds', {
        filter: [`party:eq:${party}`, 'state:in:draft,approved,in_process,failed'],
        fields: 'number,state,amount,currency',
        sort: 'id',
        limit: 20,
      }),
  });
  const all = free.data ?? [];
  const under = back.data?.rows ?? [];
  if (all.length === 0 && under.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('free-money')}</h2>
      </header>
      <ul className="in plain">
        {all.map((one) => (
          <li key={one.id}>
            <span className="grow">
              <Link
                className="no"
                to="/$collection/$id"
                params={{
                  collection: one.kind === 'payment' ? 'payments' : 'invoices',
                  id: one.id,
                }}
              >
                {one.number}
              </Link>
              <small className="muted">{words.field('refund', one.kind)}</small>
            </span>
            <b className="num">{money(lang, one.free, one.currency)}</b>
            {may('finance.refund.create') && (
              <Link
                className="btn"
                to="/$collection/new"
                params={{ collection: 'refunds' }}
                search={{ party, from: one.id } as never}
              >
                {words.verb('refund', 'create')}
              </Link>
            )}
          </li>
        ))}
        {under.map((one) => (
          <li key={one.id}>
            <span className="grow">
              <Link
                className="no"
                to="/$collection/$id"
                params={{ collection: 'refunds', id: one.id }}
              >
                {String(one['number'])}
              </Link>
              <small className="muted">{words.entity('refund')}</small>
            </span>
            <Tag>{words.state('refund', String(one['state']))}</Tag>
            <b className="num">{money(lang, one['amount'], String(one['currency']))}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
