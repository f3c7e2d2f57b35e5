// One case from lead to cash on one page: every document, how long each step took, the books.
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import type { Row } from '../api/client.ts';
import { instant, lasted } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount, isZero, money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Tag, toneOf } from '../ui/parts.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { type Chain, useChain } from './chain-data.ts';
import { Holds, Way } from './order-top.tsx';

export function ChainScreen() {
  const { id } = useParams({ strict: false }) as { id: string };
  const asked = useChain(id);
  const { t, words } = useWords();
  if (!asked.data)
    return asked.error ? (
      <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />
    ) : (
      <ScreenWaits />
    );
  const chain = asked.data;
  return (
    <div className="page">
      <nav className="crumb" aria-label={t('crumb')}>
        <Link to="/$collection" params={{ collection: 'orders' }}>
          {words.entities('order')}
        </Link>
        <ChevronRight size={14} aria-hidden />
        <Link to="/$collection/$id" params={{ collection: 'orders', id }}>
          {String(chain.order['number'])}
        </Link>
        <ChevronRight size={14} aria-hidden />
      </nav>
      <div className="head">
        <h1>{t('chain-title')}</h1>
        <span className="sub">
          {String(chain.party['name'])} · {String(chain.order['number'])}
        </span>
      </div>
      <Way chain={chain} />
      <Holds holds={chain.holds} />
      <Documents chain={chain} />
      <Story chain={chain} />
      <Books entries={chain.entries} />
    </div>
  );
}

type Doc = {
  entity: string;
  collection: string;
  stage: string;
  row: Row;
  at?: unknown;
  worth?: unknown;
};

function documents(chain: Chain): Doc[] {
  const { lead, opportunity, quote } = chain.before;
  const all: Doc[] = [];
  if (lead)
    all.push({
      entity: 'lead',
      collection: 'leads',
      stage: 'lead',
      row: lead,
      at: lead['assigned_at'],
      worth: lead['est_amount'],
    });
  if (opportunity)
    all.push({
      entity: 'opportunity',
      collection: 'opportunities',
      stage: 'opportunity',
      row: opportunity,
      at: opportunity['opened_on'],
      worth: opportunity['amount'],
    });
  if (quote)
    all.push({
      entity: 'quote',
      collection: 'quotes',
      stage: 'quote',
      row: quote,
      at: quote['sent_at'],
      worth: quote['gross'],
    });
  all.push({
    entity: 'order',
    collection: 'orders',
    stage: 'order',
    row: chain.order,
    at: chain.order['submitted_at'] ?? chain.order['ordered_on'],
    worth: chain.order['gross'],
  });
  for (const row of chain.shipments)
    all.push({
      entity: 'shipment',
      collection: 'shipments',
      stage: 'shipment',
      row,
      at: row['shipped_at'] ?? row['planned_on'],
    });
  for (const row of chain.invoices)
    all.push({
      entity: 'invoice',
      collection: 'invoices',
      stage: 'bill',
      row,
      at: row['posted_at'] ?? row['day'],
      worth: row['gross'],
    });
  for (const row of chain.payments)
    all.push({
      entity: 'payment',
      collection: 'payments',
      stage: 'cash',
      row,
      at: row['received_at'] ?? row['value_day'],
      worth: row['amount'],
    });
  return all;
}

function Documents({ chain }: { chain: Chain }) {
  const { words, lang, t } = useWords();
  const { company } = useMe();
  return (
    <ul className="docs">
      {documents(chain).map(({ entity, collection, stage, row, at, worth }) => (
        <li key={entity + row.id} className="card" style={{ '--c': `var(--st-${stage})` } as never}>
          <span className="muted">{words.entity(entity)}</span>
          <Link className="no" to="/$collection/$id" params={{ collection, id: row.id }}>
            {String(row['number'] || t('no-number'))}
          </Link>
          {worth !== undefined && !isZero(worth) && (
            <b className="num">{money(lang, worth, String(row['currency'] || company.currency))}</b>
          )}
          <span className="rowx">
            <Tag tone={toneOf(String(row['state']))}>
              {words.state(entity, String(row['state']))}
            </Tag>
            <small className="muted">
              {typeof at === 'string' && at.includes('T') ? instant(at) : String(at ?? '')}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What happened in order of time, as a line with the waits between. */
function Story({ chain }: { chain: Chain }) {
  const { words, t, lang } = useWords();
  const facts = [...chain.facts].sort((a, b) => a.occurred_at.localeCompare(b.occurred_at));
  const first = facts[0];
  const last = facts[facts.length - 1];
  if (!first || !last) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('timeline')}</h2>
        <span className="muted">
          {t('chain-lasted', { time: lasted(lang, first.occurred_at, last.occurred_at) })}
        </span>
      </header>
      <div className="in scroll" role="region" aria-label={t('timeline')} tabIndex={0}>
        <ol className="story">
          {facts.map((fact, at) => {
            const before = facts[at - 1];
            const wait = before ? Date.parse(fact.occurred_at) - Date.parse(before.occurred_at) : 0;
            return (
              <li key={fact.id}>
                {before && wait >= 3_600_000 && (
                  <span className={wait > 3 * 86_400_000 ? 'wait long' : 'wait'}>
                    {lasted(lang, before.occurred_at, fact.occurred_at)}
                  </span>
                )}
                <b>{words.activity(fact.activity)}</b>
                <small className="muted">{instant(fact.occurred_at)}</small>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}

export function Books({ entries }: { entries: Row[] }) {
  const { words, t, lang } = useWords();
  const { company } = useMe();
  if (entries.length === 0) return null;
  const cell = (value: unknown): string => (isZero(value) ? '' : amount(lang, value));
  return (
    <section className="card">
      <header>
        <h2>{words.entities('entry')}</h2>
        <span className="muted">{company.currency}</span>
      </header>
      <div className="in scroll" role="region" aria-label={words.entities('entry')} tabIndex={0}>
        <CardTable className="books">
          <thead>
            <tr>
              <th>{words.field('entry', 'day')}</th>
              <th>{words.field('entry', 'kind')}</th>
              <th>{words.field('entry_line', 'account')}</th>
              <th className="num">{words.field('entry_line', 'debit')}</th>
              <th className="num">{words.field('entry_line', 'credit')}</th>
            </tr>
          </thead>
          {entries.map((entry) => (
            <tbody key={entry.id}>
              {(entry['lines'] as Row[]).map((line, at) => (
                <tr key={line.id}>
                  <td>{at === 0 && String(entry['day'])}</td>
                  <td>
                    {at === 0 && (
                      <Link
                        className="no"
                        to="/$collection/$id"
                        params={{ collection: 'entries', id: entry.id }}
                      >
                        {words.find(`entry-${String(entry['kind'])}`) ?? t('ref-open')}
                      </Link>
                    )}
                  </td>
                  <td>
                    <span className="muted">{String(line['account_code'] ?? '')}</span>{' '}
                    {String(
                      (lang === 'en' && line['account_name_en']) || line['account_name'] || '',
                    )}
                  </td>
                  <td className="num">{cell(line['debit'])}</td>
                  <td className="num">{cell(line['credit'])}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </CardTable>
      </div>
    </section>
  );
}
