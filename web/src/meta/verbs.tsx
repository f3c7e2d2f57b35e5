// Runs verbs: at once where nothing is asked, else by a small form; says what came of it.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Problem, type Row, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { compare, money, plain } from '../lib/number.ts';
import { useMay, useMe } from '../lib/session.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { Ref } from './show.tsx';
import { FieldInput, type Values, cleaned } from './inputs.tsx';
import { type Entity, type Verb, isForPeople } from './meta.ts';

export type Opened = { verb: string; open: boolean; why: { code: string; title: string } | null };

/** Verbs that cannot be taken back, or are hard to. */
const GRAVE = new Set([
  'cancel',
  'cancel_remainder',
  'reverse',
  'post',
  'disqualify',
  'lose',
  'reject',
  'withdraw',
  'disable',
  'close',
  'expire',
  'undo',
]);
export const isGrave = (verb: string): boolean => GRAVE.has(verb);

/** What a verb made besides changing its row: entity, and where its id stands in the answer. */
const MADE: Record<string, [entity: string, collection: string, id: string]> = {
  'order.bill': ['invoice', 'invoices', 'id'],
  'quote.accept': ['order', 'orders', 'id'],
  'quote.revise': ['quote', 'quotes', 'id'],
  'lead.convert': ['opportunity', 'opportunities', 'opportunity'],
};

/** Everything that is shown may have changed with it. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'meta' });
}

/** What is said after a verb, with the way to what it made. */
export function useTold(): (entity: string, verb: string, answer: Row) => void {
  const { words, t } = useWords();
  const navigate = useNavigate();
  return (entity, verb, answer) => {
    const made = MADE[`${entity}.${verb}`];
    const id = made && answer[made[2]];
    const text = t('verb-done', {
      verb: words.verb(entity, verb),
      what: String(answer['number'] ?? ''),
    });
    if (!made || typeof id !== 'string') return toast(text);
    const [of, collection] = made;
    return toast(text, {
      action: {
        label: t('open-of', { what: words.entity(of) }),
        run: () => void navigate({ to: '/$collection/$id', params: { collection, id } }),
      },
    });
  };
}

type DialogProps = {
  entity: Entity;
  verb: Verb;
  row: Row;
  close: () => void;
  done?: (answer: Row) => void;
};

/** The form of a verb. What was typed stays when it is refused. */
export function VerbDialog({ entity, verb, row, close, done }: DialogProps) {
  const { words, t, lang } = useWords();
  const { company } = useMe();
  const may = useMay();
  const foreign = String(row['currency'] || company.currency) !== company.currency;
  // A rate is said by hand of foreign money, by who may enter rates.
  const rated = foreign && may('finance.exchange_rate.write');
  const asked = verb.takes.filter((f) => isForPeople(f) && (f.name !== 'rate' || rated));
  const [values, setValues] = useState<Values>(() => usual(verb, row));
  const [refused, setRefused] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  // A verb that takes quantities of lines shows the lines of its document.
  const counted = takesQuantities(verb);
  const lines = counted
    ? ((row[entity.lines[0]?.collection ?? ''] as Row[] | undefined) ?? [])
    : [];
  const [amounts, setAmounts] = useState<Record<string, string>>({});
  const refresh = useRefresh();
  const told = useTold();
  const title = String(row[entity.title] ?? '');
  const worth = row['gross'] ?? row['amount'];
  const currency = String(row['currency'] || company.currency);
  const run = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    setBusy(true);
    try {
      const answer = await send(
        `${entity.collection}/${row.id}/${verb.name}`,
        {
          ...cleaned(asked, values),
          ...(counted ? { lines: sentQuantities(verb, lines, amounts) } : {}),
        },
        { version: row.version, key },
      );
      close();
      told(entity.name, verb.name, answer);
      done?.(answer);
      await refresh();
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  const grave = isGrave(verb.name);
  const fieldError = (name: string): string | undefined =>
    refused instanceof Problem && refused.field === name ? refused.title : undefined;
  const general = refused !== null && !asked.some((f) => fieldError(f.name));
  return (
    <Dialog
      title={`${words.verb(entity.name, verb.name)} · ${words.entity(entity.name)} ${title}`}
      text={
        grave
          ? t('grave', {
              verb: words.verb(entity.name, verb.name),
              worth: worth ? money(lang, worth, currency) : '',
              has: worth ? 'yes' : 'no',
            })
          : undefined
      }
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('back')}</Button>
          <Button
            kind={grave ? 'danger primary' : 'primary'}
            type="submit"
            form="verb-form"
            busy={busy}
          >
            {words.verb(entity.name, verb.name)}
          </Button>
        </>
      }
    >
      <form id="verb-form" className="stack" onSubmit={(event) => void run(event)}>
        {general && <Note tone="bad">{reason(refused, t)}</Note>}
        {asked.map((field, at) => (
          <FieldInput
            key={field.name}
            owner={entity.name}
            field={field}
            autoFocus={at === 0}
            value={values[field.name]}
            error={fieldError(field.name)}
            set={(value) => setValues((now) => ({ ...now, [field.name]: value }))}
          />
        ))}
        {lines.length > 0 && (
          <ul className="pick-lines">
            {lines.map((line, at) => (
              <li key={line.id}>
                <span className="grow">
                  {line['text'] ? (
                    String(line['text'])
                  ) : (
                    <Ref entity="product" id={line['product']} plain />
                  )}
                </span>
                <input
                  className="input num"
                  style={{ width: 110 }}
                  inputMode="decimal"
                  aria-label={`${words.field(entity.name, 'qty')} ${at + 1}`}
                  value={amounts[line.id] ?? whole(line)}
                  onChange={(e) => setAmounts((now) => ({ ...now, [line.id]: e.target.value }))}
                />
              </li>
            ))}
          </ul>
        )}
      </form>
    </Dialog>
  );
}

const takesQuantities = (verb: Verb): boolean =>
  verb.name !== 'create' &&
  verb.lines.some((f) => f.name === 'qty') &&
  verb.lines.some((f) => f.name === 'line_no' || f.name === 'id');

/** All of a line: what was ordered, asked for, or set aside. */
const whole = (line: Row): string =>
  String(line['ordered'] ?? line['asked'] ?? line['assigned'] ?? '0');

/** By line number those that change; by id all of them once one is not whole. */
function sentQuantities(
  verb: Verb,
  lines: Row[],
  amounts: Record<string, string>,
): Record<string, unknown>[] {
  const qty = (line: Row): string => plain(amounts[line.id] ?? whole(line));
  const changed = lines.filter((l) => compare(qty(l), whole(l)) !== 0);
  if (verb.lines.some((f) => f.name === 'line_no'))
    return changed.map((l) => ({ line_no: l['line_no'], qty: qty(l) }));
  return changed.length > 0 ? lines.map((l) => ({ id: l.id, qty: qty(l) })) : [];
}

/** What a verb asks for usually is what stands on the row already. */
function usual(verb: Verb, row: Row): Values {
  const values: Values = {};
  for (const field of verb.takes) {
    const now = row[field.name];
    if (now !== undefined && now !== null && typeof now !== 'object') values[field.name] = now;
  }
  if (verb.name === 'qualify')
    values['score'] = row['score'] && row['score'] !== 0 ? row['score'] : 60;
  delete values['reason'];
  delete values['rate'];
  return values;
}

/** Runs a verb that asks for nothing; opens its form where it asks. */
export function useVerb(entity: Entity, done?: (answer: Row) => void) {
  const [open, setOpen] = useState<{ verb: Verb; row: Row } | null>(null);
  const [running, setRunning] = useState('');
  const [runningRow, setRunningRow] = useState('');
  const refresh = useRefresh();
  const told = useTold();
  const { t } = useWords();
  const run = async (name: string, row: Row): Promise<void> => {
    const verb = entity.verbs.find((v) => v.name === name);
    if (!verb) return;
    if (verb.takes.some(isForPeople) || takesQuantities(verb) || isGrave(name)) {
      setOpen({ verb, row });
      return;
    }
    setRunning(name);
    setRunningRow(row.id);
    try {
      const answer = await send(
        `${entity.collection}/${row.id}/${name}`,
        {},
        { version: row.version },
      );
      told(entity.name, name, answer);
      done?.(answer);
    } catch (error) {
      toast(reason(error, t), { tone: 'bad' });
    } finally {
      setRunning('');
      await refresh();
    }
  };
  const dialog = open && (
    <VerbDialog
      entity={entity}
      verb={open.verb}
      row={open.row}
      close={() => setOpen(null)}
      done={done}
    />
  );
  return { run, running, runningRow, dialog };
}
