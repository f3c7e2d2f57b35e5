// Pick and ship: what waits in the warehouse, one press a step, large enough for a phone and a scanner.
import { useQuery } from '@tanstack/react-query';
import { PackageCheck, ScanLine } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { Problem, type Row, list, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { compare, parse, plain, quantity } from '../lib/number.ts';
import { useRow } from '../meta/row.tsx';
import { type Entity, useEntity } from '../meta/meta.ts';
import { Ref, Value } from '../meta/show.tsx';
import { type Opened, useRefresh, useTold, useVerb } from '../meta/verbs.tsx';
import { fieldOf } from '../meta/meta.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Button, Empty, Labelled, Loading, Note, Tag, toneOf } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';

const IN_HOUSE = ['assigned', 'picking', 'picked', 'packed'];
const WAITING = [...IN_HOUSE, 'shipped'];

/** Shipments in some states, the earliest planned first. */
const planned = (states: string[]) =>
  list('shipments', {
    filter: `state:in:${states.join(',')}`,
    fields: 'number,state,party,order_id,planned_on,promised_on,warehouse,ship_to',
    sort: 'planned_on',
    limit: 200,
  });

export function PickList() {
  const { t, words } = useWords();
  const entity = useEntity('shipment');
  const [state, setState] = useState('');
  const [sought, setSought] = useState('');
  const [open, setOpen] = useState('');
  const asked = useQuery({
    queryKey: ['pick-list', state],
    // What lies here comes before what is on its way and waits for a signature.
    queryFn: async () => {
      const pages = await Promise.all(
        (state ? [[state]] : [IN_HOUSE, ['shipped']]).map((states) => planned(states)),
      );
      return pages.flatMap((page) => page.rows);
    },
  });
  const rows = asked.data ?? [];
  const here = rows.filter((r) => r['state'] !== 'shipped').length;
  const shown = useMemo(
    () =>
      rows.filter((r) =>
        String(r['number'] ?? '')
          .toLowerCase()
          .includes(sought.trim().toLowerCase()),
      ),
    [rows, sought],
  );
  // A scanner types the number and presses Enter.
  const scan = (event: FormEvent): void => {
    event.preventDefault();
    const hit = shown[0];
    if (hit && shown.length === 1) {
      setOpen(hit.id);
      setSought('');
    }
  };
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-pick')}</h1>
        <span className="sub">{t('pick-sub', { count: here })}</span>
      </div>
      <div className="rowx">
        <form className="search-box" onSubmit={scan}>
          <ScanLine size={15} aria-hidden />
          <input
            className="input"
            type="search"
            data-list-search
            aria-label={t('pick-scan')}
            placeholder={t('pick-scan')}
            value={sought}
            onChange={(e) => setSought(e.target.value)}
          />
        </form>
        <div className="chips" role="group" aria-label={words.field('shipment', 'state')}>
          {WAITING.map((s) => (
            <button
              key={s}
              type="button"
              className="chip"
              aria-pressed={state === s}
              onClick={() => setState(state === s ? '' : s)}
            >
              {words.state('shipment', s)}
            </button>
          ))}
        </div>
      </div>
      {asked.error && <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />}
      {asked.isPending && <ScreenWaits />}
      {asked.data && shown.length === 0 && (
        <div className="card">
          <Empty
            icon={<PackageCheck aria-hidden />}
            title={t('pick-none')}
            text={t('pick-none-text')}
          />
        </div>
      )}
      <ul className="work">
        {shown.map((row) => (
          <li key={row.id} className="card shipment">
            <button
              type="button"
              className="open"
              aria-expanded={open === row.id}
              onClick={() => setOpen(open === row.id ? '' : row.id)}
            >
              <b>{String(row['number'])}</b>
              <Tag tone={toneOf(String(row['state']))}>
                {words.state('shipment', String(row['state']))}
              </Tag>
              <span className="grow">
                <Ref entity="party" id={row['party']} plain />
              </span>
              <Promised row={row} entity={entity} />
            </button>
            {open === row.id && <Open entity={entity} id={row.id} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Promised({ row, entity }: { row: Row; entity: Entity }) {
  const field = fieldOf(entity.fields, row['promised_on'] ? 'promised_on' : 'planned_on');
  return field && row[field.name] ? <Value owner="shipment" field={field} row={row} /> : null;
}

function Open({ entity, id }: { entity: Entity; id: string }) {
  const { words, t, lang } = useWords();
  const asked = useRow('shipments', id);
  const { run, running, dialog } = useVerb(entity);
  const [shipping, setShipping] = useState(false);
  if (!asked.data)
    return asked.error ? (
      <Note tone="bad">{reason(asked.error, t)}</Note>
    ) : (
      <div className="in">
        <Loading lines={2} />
      </div>
    );
  const row = asked.data;
  const lines = (row['shipment_lines'] as Row[] | undefined) ?? [];
  const open = ((row['verbs'] as Opened[] | undefined) ?? []).filter(
    (s) => s.open && s.verb !== 'cancel',
  );
  return (
    <div className="in stack">
      <p className="muted">{String(row['ship_to'] ?? '')}</p>
      <ul className="pick-lines">
        {lines.map((line) => (
          <li key={line.id}>
            <span className="grow">
              <Ref entity="product" id={line['product']} plain />
            </span>
            <b className="qty">{quantity(lang, line['assigned'])}</b>
          </li>
        ))}
      </ul>
      <div className="rowx big">
        {open.map((step, at) => (
          <Button
            key={step.verb}
            kind={at === 0 ? 'primary' : ''}
            busy={running === step.verb}
            disabled={running !== ''}
            onClick={() => (step.verb === 'ship' ? setShipping(true) : void run(step.verb, row))}
          >
            {words.verb('shipment', step.verb)}
          </Button>
        ))}
      </div>
      {shipping && <Ship row={row} lines={lines} close={() => setShipping(false)} />}
      {dialog}
    </div>
  );
}

/** What leaves: all of it, or less of some lines; the rest stays owed to the customer. */
function Ship({ row, lines, close }: { row: Row; lines: Row[]; close: () => void }) {
  const { t, words, lang } = useWords();
  const [carrier, setCarrier] = useState('');
  const [tracking, setTracking] = useState('');
  const [leaves, setLeaves] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key] = useState(newKey);
  const refresh = useRefresh();
  const told = useTold();
  const part = lines.some(
    (l) => leaves[l.id] !== undefined && compare(leaves[l.id] ?? '0', String(l['assigned'])) !== 0,
  );
  const wrong = lines.some(
    (l) => leaves[l.id] !== undefined && parse(leaves[l.id] ?? '') === undefined,
  );
  const ship = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const sent = lines.map((l) => ({
        id: l.id,
        qty: plain(leaves[l.id] ?? String(l['assigned'])),
      }));
      const answer = await send(
        `shipments/${row.id}/ship`,
        { carrier, tracking, ...(part ? { lines: sent } : {}) },
        { version: row.version, key },
      );
      close();
      told('shipment', 'ship', answer);
      await refresh();
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`${words.verb('shipment', 'ship')} · ${String(row['number'])}`}
      text={part ? t('ship-part') : undefined}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="ship-form" busy={busy} disabled={wrong}>
            {words.verb('shipment', 'ship')}
          </Button>
        </>
      }
    >
      <form id="ship-form" className="stack" onSubmit={(event) => void ship(event)}>
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        <ul className="pick-lines">
          {lines.map((line) => (
            <li key={line.id}>
              <span className="grow">
                <Ref entity="product" id={line['product']} plain />
                <small className="muted"> / {quantity(lang, line['assigned'])}</small>
              </span>
              <input
                className="input num"
                style={{ width: 110 }}
                inputMode="decimal"
                aria-label={t('ship-leaves')}
                aria-invalid={
                  leaves[line.id] !== undefined && parse(leaves[line.id] ?? '') === undefined
                    ? true
                    : undefined
                }
                value={leaves[line.id] ?? String(line['assigned'])}
                onChange={(e) => setLeaves((now) => ({ ...now, [line.id]: e.target.value }))}
              />
            </li>
          ))}
        </ul>
        <div className="fields">
          <Labelled
            label={words.field('shipment', 'carrier')}
            error={
              refused instanceof Problem && refused.field === 'carrier' ? refused.title : undefined
            }
          >
            {(ids) => (
              <input
                {...ids}
                className="input"
                maxLength={60}
                value={carrier}
                onChange={(e) => setCarrier(e.target.value)}
              />
            )}
          </Labelled>
          <Labelled label={words.field('shipment', 'tracking')}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                maxLength={80}
                value={tracking}
                onChange={(e) => setTracking(e.target.value)}
              />
            )}
          </Labelled>
        </div>
      </form>
    </Dialog>
  );
}
