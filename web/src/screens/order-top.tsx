// Above an order: its place from lead to cash, what holds it, and the next step in other rooms.
import { Link } from '@tanstack/react-router';
import { Check, FilePen, Undo2, Waypoints } from 'lucide-react';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { holdReason } from '../lib/holds.ts';
import { useMay, useMe } from '../lib/session.tsx';
import { type Entity, useEntityQuery, useIndexQuery } from '../meta/meta.ts';
import { useVerb } from '../meta/verbs.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { type Chain, stepsOf, useChain } from './chain-data.ts';

export function OrderTop({ row }: { entity: Entity; row: Row }) {
  const asked = useChain(row.id);
  const chain = asked.data;
  if (!chain) return null;
  return (
    <>
      <Way chain={chain} link />
      <Holds holds={chain.holds} />
      <NextStep chain={chain} />
    </>
  );
}

/** The seven stages; what is done, what is under way. */
export function Way({ chain, link = false }: { chain: Chain; link?: boolean }) {
  const { t, words } = useWords();
  const id = String(chain.order.id);
  const index = useIndexQuery() ?? [];
  const makes = (name: string): boolean => index.some((e) => e.name === name && e.create);
  return (
    <div className="card way">
      <ol>
        {stepsOf(chain, words).map((step) => (
          <li
            key={step.stage}
            data-done={step.done}
            style={{ '--c': `var(--st-${step.stage})` } as never}
          >
            <span className="mark" aria-hidden>
              {step.done === 'done' && <Check size={12} />}
            </span>
            <b>{t(`stage-${step.stage}`)}</b>
            <small>{step.text || '–'}</small>
          </li>
        ))}
      </ol>
      {link && makes('change_order') && chain.order['state'] === 'confirmed' && (
        <Link
          className="btn"
          to="/$collection/new"
          params={{ collection: 'change_orders' }}
          search={{ order: id } as never}
        >
          <FilePen aria-hidden />
          {words.entity('change_order')}
        </Link>
      )}
      {link && makes('return') && chain.order['fulfilment'] !== 'none' && (
        <Link
          className="btn"
          to="/$collection/new"
          params={{ collection: 'returns' }}
          search={{ order: id } as never}
        >
          <Undo2 aria-hidden />
          {words.entity('return')}
        </Link>
      )}
      {link && (
        <Link className="btn" to="/orders/$id/chain" params={{ id }}>
          <Waypoints aria-hidden />
          {t('chain-open')}
        </Link>
      )}
    </div>
  );
}

export function Holds({ holds }: { holds: Row[] }) {
  const entity = useEntityQuery('hold').data;
  const open = holds.filter((h) => h['open'] === 1);
  if (open.length === 0) return null;
  return entity ? <OpenHolds entity={entity} open={open} /> : <HoldNotes open={open} />;
}

/** Why documents wait, a note each. */
export function HoldNotes({ open, release }: { open: Row[]; release?: (hold: Row) => void }) {
  const { words } = useWords();
  const { company } = useMe();
  return open.map((hold) => (
    <Note key={hold.id} tone="warn">
      <span className="rowx">
        <span className="sp">
          <b>{words.option('hold', 'kind', String(hold['kind']))}</b>{' '}
          {holdReason(words, hold, company.currency)}
        </span>
        {release && <Button onClick={() => release(hold)}>{words.verb('hold', 'release')}</Button>}
      </span>
    </Note>
  ));
}

function OpenHolds({ entity, open }: { entity: Entity; open: Row[] }) {
  const { run, dialog } = useVerb(entity);
  const may = entity.verbs.some((v) => v.name === 'release' && v.may);
  return (
    <>
      {may ? (
        <HoldNotes open={open} release={(hold) => void run('release', hold)} />
      ) : (
        <HoldNotes open={open} />
      )}
      {dialog}
    </>
  );
}

/** The document that now waits for somebody, where it is not the order itself. */
function NextStep({ chain }: { chain: Chain }) {
  const { t, words } = useWords();
  const may = useMay();
  const shipment = chain.shipments.find((s) =>
    ['assigned', 'picking', 'picked', 'packed', 'shipped'].includes(String(s['state'])),
  );
  const draft = chain.invoices.find((i) => i['state'] === 'draft');
  const owed = chain.invoices.find((i) => i['state'] === 'posted');
  const next = shipment
    ? {
        what: words.entity('shipment'),
        row: shipment,
        entity: 'shipment',
        collection: 'shipments',
        needs: 'stock.shipment.read',
      }
    : draft
      ? {
          what: words.entity('invoice'),
          row: draft,
          entity: 'invoice',
          collection: 'invoices',
          needs: 'finance.invoice.read',
        }
      : owed
        ? {
            what: words.entity('invoice'),
            row: owed,
            entity: 'invoice',
            collection: 'invoices',
            needs: 'finance.invoice.read',
          }
        : undefined;
  if (!next || !may(next.needs)) return null;
  const state = words.state(next.entity, String(next.row['state']));
  const pays = next.row === owed && may('finance.payment.receive');
  return (
    <Note>
      <span className="rowx">
        <span className="sp">
          {t('next-step', {
            what: next.what,
            number: String(next.row['number'] || t('no-number')),
            state,
          })}
        </span>
        {pays && (
          <Link
            className="btn"
            to="/$collection/new"
            params={{ collection: 'payments' }}
            search={{ party: String(chain.order['party']), invoice: next.row.id } as never}
          >
            {words.verb('payment', 'create')}
          </Link>
        )}
        <Link
          className="btn"
          to="/$collection/$id"
          params={{ collection: next.collection, id: next.row.id }}
        >
          {t('open-of', { what: next.what })}
        </Link>
      </span>
    </Note>
  );
}
