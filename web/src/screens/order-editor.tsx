// A new order or quotation: the customer, the lines, and live prices with their reasons and tax.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Problem, type Row, get, newKey, send } from '../api/client.ts';
import { useDraft } from '../lib/draft.ts';
import { plusDays } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount, approximate, isZero, money, parse, percent, plain, quantity } from '../lib/number.ts';
import { useKeys } from '../lib/keys.ts';
import { useMe } from '../lib/session.tsx';
import { CurrencyPicker } from '../meta/currency-picker.tsx';
import { Crumb } from '../meta/row.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { DayInput } from '../ui/day-input.tsx';
import { LineGrid, type Line, sentLines } from '../ui/line-grid.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason, toast } from '../ui/toast.tsx';

type Draft = {
  party: string;
  /** Empty for the company's own. */
  currency: string;
  opportunity: string;
  day: string;
  ship_to: string;
  customer_po_no: string;
  lines: Line[];
};
type Kind = 'order' | 'quote';

const EMPTY: Draft = {
  party: '',
  currency: '',
  opportunity: '',
  day: '',
  ship_to: '',
  customer_po_no: '',
  lines: [{}],
};

/** The lines of a quotation as somebody would have entered them. */
function sentBefore(quote: Row): Partial<Draft> {
  const lines = (quote['quote_lines'] as Row[]).map((l) => ({
    product: String(l['product']),
    qty: String(l['qty']),
    price: String(l['price_entered']),
    discount: isZero(l['discount']) ? '' : String(l['discount']),
  }));
  return {
    party: String(quote['party']),
    currency: String(quote['currency'] ?? ''),
    opportunity: String(quote['opportunity'] ?? ''),
    day: String(quote['valid_until'] ?? ''),
    lines,
  };
}

export const OrderEditor = ({ entity }: { entity: Entity }) => (
  <Editor entity={entity} kind="order" />
);
export const QuoteEditor = ({ entity }: { entity: Entity }) => (
  <Editor entity={entity} kind="quote" />
);

function bodyOf(kind: Kind, draft: Draft): Record<string, unknown> {
  const lines = sentLines(draft.lines, ['product', 'qty', 'price', 'discount']);
  const filled = (fields: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== ''));
  return kind === 'order'
    ? {
        ...filled({
          party: draft.party,
          currency: draft.currency ?? '',
          requested_on: draft.day,
          ship_to: draft.ship_to,
          customer_po_no: draft.customer_po_no,
        }),
        lines,
      }
    : {
        ...filled({
          party: draft.party,
          currency: draft.currency ?? '',
          opportunity: draft.opportunity,
          valid_until: draft.day,
        }),
        lines,
      };
}

/** What the program would make of it: prices, taxes, sums. Nothing is kept. */
function usePreview(kind: Kind, collection: string, draft: Draft) {
  const ready = draft.lines.filter((l) => l['product'] && parse(l['qty'] ?? '') !== undefined);
  const body = JSON.stringify(bodyOf(kind, { ...draft, lines: ready }));
  const [settled, setSettled] = useState(body);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(body), 250);
    return () => clearTimeout(timer);
  }, [body]);
  const asked = useQuery({
    queryKey: ['preview', collection, settled],
    enabled: draft.party !== '' && ready.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    queryFn: () => send(collection, JSON.parse(settled) as unknown, { query: { dry: 'yes' } }),
  });
  // The preview's lines in the places of the draft's.
  const lines = (asked.data?.['lines'] as Row[] | undefined) ?? [];
  const at = (row: number): Row | undefined => {
    const line = draft.lines[row];
    const place = line ? ready.indexOf(line) : -1;
    return place >= 0 ? lines[place] : undefined;
  };
  return {
    preview: ready.length > 0 && draft.party ? asked.data : undefined,
    error: asked.error,
    lineAt: at,
  };
}

function Editor({ entity, kind }: { entity: Entity; kind: Kind }) {
  const { t, words } = useWords();
  const { today } = useMe();
  const search = useSearch({ strict: false }) as {
    party?: string;
    opportunity?: string;
    revise?: string;
  };
  const from: Draft = {
    ...EMPTY,
    party: search.party ?? '',
    opportunity: search.opportunity ?? '',
    day: plusDays(today, kind === 'order' ? 7 : 30),
  };
  const [draft, set, forget, restored] = useDraft<Draft>(
    `${kind}.${search.party ?? ''}.${search.opportunity ?? ''}.${search.revise ?? ''}`,
    from,
  );
  const [busy, setBusy] = useState('');
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const revised = useQuery({
    queryKey: ['revised', search.revise],
    enabled: Boolean(search.revise),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => get(`quotes/${search.revise}`, { lines: 'yes' }),
  });
  // A revision begins with what was sent, unless one was begun on this device already.
  useEffect(() => {
    if (revised.data && !restored) set((now) => ({ ...now, ...sentBefore(revised.data) }));
    // Only what came from the program counts here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [revised.data]);
  const { preview, error, lineAt } = usePreview(kind, entity.collection, draft);
  const put = (change: Partial<Draft>): void => set((now) => ({ ...now, ...change }));
  const save = async (then: '' | 'submit'): Promise<void> => {
    setBusy(then || 'save');
    setRefused(null);
    try {
      const made = search.revise
        ? await send(
            `quotes/${search.revise}/revise`,
            { lines: bodyOf(kind, draft)['lines'] },
            { key, version: revised.data?.version },
          )
        : await send(entity.collection, bodyOf(kind, draft), { key });
      forget();
      if (then) await submitted(entity.collection, made);
      else toast(t('made', { what: words.entity(kind) }));
      await navigate({
        to: '/$collection/$id',
        params: { collection: entity.collection, id: made.id },
        replace: true,
      });
      await refresh();
    } catch (problem) {
      setRefused(problem);
      setKey(newKey());
    } finally {
      setBusy('');
    }
  };
  /** The document is made by then: a refused submit is told on its own page. */
  const submitted = async (collection: string, made: Row): Promise<void> => {
    try {
      await send(`${collection}/${made.id}/submit`, {}, { version: made.version });
      toast(t('submitted'));
    } catch (problem) {
      toast(reason(problem, t), { tone: 'bad' });
    }
  };
  useKeys({ 'ctrl+Enter': () => void save('') });
  const problem = refused ?? error;
  const line =
    problem instanceof Problem && problem.fields['line']
      ? Number(problem.fields['line']) - 1
      : undefined;
  const field = (name: string): string | undefined =>
    problem instanceof Problem && problem.field === name ? problem.title : undefined;
  const general =
    problem !== null && line === undefined && !field('party') && !field('currency');
  return (
    <div className="page">
      <Crumb entity={entity} />
      <div className="head">
        <h1>
          {search.revise
            ? `${words.verb('quote', 'revise')} ${String(revised.data?.['number'] ?? '')}`
            : t('new-of', { what: words.entity(kind) })}
        </h1>
        <span className="sp" />
        <Button onClick={forget}>{t('discard')}</Button>
        <Button busy={busy === 'save'} disabled={busy !== ''} onClick={() => void save('')}>
          {t('save-draft')}
        </Button>
        <Button
          kind="primary"
          busy={busy === 'submit'}
          disabled={busy !== ''}
          onClick={() => void save('submit')}
        >
          {t('save-submit')}
        </Button>
      </div>
      {restored && <Note>{t('draft-restored')}</Note>}
      {general && problem && <Note tone="bad">{reason(problem, t)}</Note>}
      <section className="card">
        <div className="in fields">
          <Labelled label={words.field(kind, 'party')} required error={field('party')}>
            {(ids) => (
              <Picker
                {...ids}
                entity="party"
                filter={['is_customer:eq:true', 'active:eq:true']}
                value={draft.party}
                autoFocus={!draft.party}
                onPick={(id) => put({ party: id })}
              />
            )}
          </Labelled>
          {!search.revise && (
            <CurrencyPicker
              owner={kind}
              value={draft.currency ?? ''}
              set={(currency) => put({ currency })}
              error={field('currency')}
            />
          )}
          <Labelled
            label={words.field(kind, kind === 'order' ? 'requested_on' : 'valid_until')}
            error={field('requested_on') ?? field('valid_until')}
          >
            {(ids) => (
              <DayInput {...ids} value={draft.day} set={(day) => put({ day })} />
            )}
          </Labelled>
          {kind === 'order' ? (
            <>
              <Labelled label={words.field(kind, 'ship_to')} error={field('ship_to')}>
                {(ids) => (
                  <input
                    {...ids}
                    className="input"
                    maxLength={300}
                    autoComplete="off"
                    value={draft.ship_to}
                    onChange={(e) => put({ ship_to: e.target.value })}
                  />
                )}
              </Labelled>
              <Labelled label={words.field(kind, 'customer_po_no')} error={field('customer_po_no')}>
                {(ids) => (
                  <input
                    {...ids}
                    className="input"
                    maxLength={60}
                    autoComplete="off"
                    value={draft.customer_po_no}
                    onChange={(e) => put({ customer_po_no: e.target.value })}
                  />
                )}
              </Labelled>
            </>
          ) : (
            <Labelled label={words.field(kind, 'opportunity')}>
              {(ids) => (
                <Picker
                  {...ids}
                  entity="opportunity"
                  beside="name"
                  value={draft.opportunity}
                  onPick={(id) => put({ opportunity: id })}
                />
              )}
            </Labelled>
          )}
        </div>
      </section>
      <section className="card">
        <header>
          <h2>{words.entities(`${kind}_line`)}</h2>
        </header>
        <div className="in">
          <PricedGrid
            draft={draft}
            setLines={(to) => set((now) => ({ ...now, lines: to(now.lines) }))}
            lineAt={lineAt}
            errors={
              line !== undefined && problem instanceof Problem ? { [line]: problem.title } : {}
            }
            save={() => void save('')}
          />
          {preview && <Totals preview={preview} />}
        </div>
      </section>
    </div>
  );
}

type GridProps = {
  draft: Draft;
  setLines: (to: (now: Line[]) => Line[]) => void;
  lineAt: (row: number) => Row | undefined;
  errors: Record<number, string>;
  save: () => void;
};

function PricedGrid({ draft, setLines, lineAt, errors, save }: GridProps) {
  const { t, words, lang } = useWords();
  return (
    <LineGrid
      label={words.entities('order_line')}
      lines={draft.lines}
      set={setLines}
      errors={errors}
      save={save}
      columns={[
        { key: 'product', label: words.field('order_line', 'product'), kind: 'product' },
        {
          key: 'qty',
          label: words.field('order_line', 'qty'),
          kind: 'figure',
          hint: (row) => <Available line={lineAt(row)} wanted={draft.lines[row]?.['qty']} />,
        },
        {
          key: 'price',
          label: words.field('order_line', 'price_entered'),
          kind: 'figure',
          placeholder: (row) => (lineAt(row) ? quantity(lang, lineAt(row)?.['price_entered']) : ''),
          hint: (row) => <Steps line={lineAt(row)} />,
        },
        { key: 'discount', label: words.field('order_line', 'discount'), kind: 'figure' },
        {
          key: 'tax_rate',
          label: t('column-tax'),
          kind: 'shown',
          hint: (row) =>
            lineAt(row) && (
              <span className="muted">{percent(lang, lineAt(row)?.['tax_rate'])}</span>
            ),
        },
        {
          key: 'gross',
          label: words.field('order_line', 'gross'),
          kind: 'shown',
          hint: (row) => {
            const line = lineAt(row);
            return (
              line && (
                <span>
                  {amount(lang, line['gross'])}
                  {line['margin_rate'] !== undefined && (
                    <small className={Number(line['margin_rate']) < 0 ? 'outlook late' : 'outlook'}>
                      {t('line-margin', { rate: percent(lang, line['margin_rate']) })}
                    </small>
                  )}
                </span>
              )
            );
          },
        },
      ]}
    />
  );
}

/** What lies there of the product and nobody has reserved. */
function Available({ line, wanted }: { line: Row | undefined; wanted: string | undefined }) {
  const { t, lang } = useWords();
  const there = line?.['available'];
  if (typeof there !== 'string') return null;
  const isShort = approximate(there) < approximate(plain(wanted ?? '0'));
  return (
    <small className={isShort ? 'outlook late' : 'outlook'}>
      {t('line-available', { qty: quantity(lang, there) })}
    </small>
  );
}

/** How the price came about, one step after the other. */
export function Steps({ line }: { line: Row | undefined }) {
  const { t, lang } = useWords();
  const read = line?.['steps'];
  const steps = (Array.isArray(read) ? read : []) as [string, string][];
  if (steps.length < 2) return null;
  return (
    <small className="steps">
      {steps.map(([step, price], at) => (
        <span key={step}>
          {at > 0 && ' → '}
          {t(`step-${step.replaceAll('_', '-')}`)} {quantity(lang, price)}
        </span>
      ))}
    </small>
  );
}

function Totals({ preview }: { preview: Row }) {
  const { words, t, lang } = useWords();
  const currency = String(preview['currency'] ?? 'CNY');
  const { promise, margin } = preview;
  return (
    <>
      <dl className="totals" aria-live="polite">
        <div>
          <dt>{words.field('order', 'net')}</dt>
          <dd>{money(lang, preview['net'], currency)}</dd>
        </div>
        <div>
          <dt>{words.field('order', 'tax')}</dt>
          <dd>{money(lang, preview['tax'], currency)}</dd>
        </div>
        <div className="big">
          <dt>{words.field('order', 'gross')}</dt>
          <dd>{money(lang, preview['gross'], currency)}</dd>
        </div>
        {typeof margin === 'string' && (
          <div>
            <dt>{t('outlook-margin')}</dt>
            <dd className={margin.startsWith('-') ? 'late' : undefined}>
              {money(lang, margin, currency)}
              {preview['margin_rate'] !== undefined &&
                ` · ${percent(lang, preview['margin_rate'])}`}
            </dd>
          </div>
        )}
        {typeof promise === 'string' && (
          <div>
            <dt>{t('outlook-promise')}</dt>
            <dd>{promise}</dd>
          </div>
        )}
      </dl>
      <p className="totals-say muted">
        {t(preview['incl_tax'] === false ? 'prices-excl' : 'prices-incl')}
      </p>
    </>
  );
}
