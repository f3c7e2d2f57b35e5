// Billing: orders of which something was delivered and not billed, and drafts that wait for posting.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { type Page, type Row, list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { type Entity, useEntity } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { useVerb } from '../meta/verbs.tsx';
import { Failed } from '../ui/frames.tsx';
import { Button, Empty, Loading, Tag } from '../ui/parts.tsx';

export function Billing() {
  const { t, words } = useWords();
  const order = useEntity('order');
  const invoice = useEntity('invoice');
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-billing')}</h1>
        <span className="sub">{t('billing-sub')}</span>
        <span className="sp" />
        {invoice.verbs.some((v) => v.name === 'create' && v.may) && (
          <Link className="btn primary" to="/$collection/new" params={{ collection: 'invoices' }}>
            {words.verb('invoice', 'create')}
          </Link>
        )}
      </div>
      <div className="panes">
        <Pane
          title={t('billing-ready')}
          entity={order}
          verb="bill"
          filter={['state:eq:confirmed', 'fulfilment:ne:none', 'billing:ne:full']}
          fields="number,party,gross,currency,billing,version,state"
          tag={(row, words) => words.option('order', 'billing', String(row['billing']))}
          drafts
        />
        <Pane
          title={t('billing-drafts')}
          entity={invoice}
          verb="post"
          {...DRAFTS}
          tag={(row, words) => words.state('invoice', String(row['state']))}
        />
      </div>
    </div>
  );
}

type PaneProps = {
  title: string;
  entity: Entity;
  verb: string;
  filter: string[];
  fields: string;
  tag: (row: Row, words: ReturnType<typeof useWords>['words']) => string;
  /** Do rows say which draft waits for them? What is drafted is billed once it is posted. */
  drafts?: boolean;
};

const DRAFTS = {
  filter: ['state:eq:draft'],
  fields: 'number,party,heading,gross,currency,version,state,order_id',
};
const draftsKey = ['billing', 'invoices', DRAFTS.filter];
const paneOf = (collection: string, filter: string[], fields: string): Promise<Page> =>
  list(collection, { filter, fields, sort: 'id', limit: 100 });

function Pane({ title, entity, verb, filter, fields, tag, drafts = false }: PaneProps) {
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const asked = useQuery({
    queryKey: ['billing', entity.collection, filter],
    queryFn: () => paneOf(entity.collection, filter, fields),
  });
  const drafted = useQuery({
    queryKey: draftsKey,
    queryFn: () => paneOf('invoices', DRAFTS.filter, DRAFTS.fields),
    enabled: drafts,
  }).data?.rows;
  const { run, running, runningRow, dialog } = useVerb(entity);
  const may = entity.verbs.some((v) => v.name === verb && v.may);
  const rows = asked.data?.rows ?? [];
  const draftOf = (row: Row) => (drafts ? drafted?.find((d) => d['order_id'] === row.id) : undefined);
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{asked.data?.total}</span>
      </header>
      <div className="in">
        {asked.isPending && <Loading />}
        {asked.error && <Failed error={asked.error} again={asked.refetch} />}
        {asked.data && rows.length === 0 && (
          <Empty icon={<CircleCheck aria-hidden />} title={t('billing-none')} />
        )}
        <ul className="plain">
          {rows.map((row) => (
            <li key={row.id}>
              <span className="grow">
                <Link
                  className="no"
                  to="/$collection/$id"
                  params={{ collection: entity.collection, id: row.id }}
                >
                  {String(row['number'] || t('no-number'))}
                </Link>
                <small className="muted">
                  <Ref entity="party" id={row['party']} plain />
                </small>
              </span>
              {draftOf(row) && (
                <Link
                  className="text"
                  to="/$collection/$id"
                  params={{ collection: 'invoices', id: draftOf(row)?.id ?? '' }}
                >
                  {t('billing-drafted')}
                </Link>
              )}
              <Tag>{tag(row, words)}</Tag>
              <b className="num">
                {money(lang, row['gross'], String(row['currency'] || company.currency))}
              </b>
              {may && verb === 'bill' && (
                <Link
                  className="text"
                  to="/$collection/new"
                  params={{ collection: 'invoices' }}
                  search={{ party: row['party'] } as never}
                >
                  {t('billing-pick')}
                </Link>
              )}
              {may && (
                <Button
                  busy={running === verb && runningRow === row.id}
                  onClick={() => void run(verb, row)}
                >
                  {words.verb(entity.name, verb)}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
      {dialog}
    </section>
  );
}
