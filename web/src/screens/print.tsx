// Documents on paper: A4, and delivery notes on endless three-part paper. The browser prints what
// is shown; the paper's size comes from its style sheet.
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Printer } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import '../styles/print.css';
import { capital } from '../lib/capital.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { amount, isZero, percent, quantity } from '../lib/number.ts';
import { inPages } from '../lib/pages.ts';
import { useIndex } from '../meta/meta.ts';
import { NotFound, ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Button } from '../ui/parts.tsx';
import { Seals, StatementLines, StatementTotals } from './print-statement.tsx';
import {
  FORMS,
  type Form,
  type Kind,
  LINES,
  type Line,
  type Paper,
  calledOf,
  isPrinted,
  usePaper,
} from './print-data.ts';

export function PrintScreen() {
  const { collection, id } = useParams({ strict: false }) as { collection: string; id: string };
  const known = useIndex().find((e) => e.collection === collection);
  if (!known || !isPrinted(known.name) || !/^\d+$/.test(id)) return <NotFound />;
  return <Preview kind={known.name} collection={collection} id={id} />;
}

function Preview({ kind, collection, id }: { kind: Kind; collection: string; id: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const asked = usePaper(kind, collection, id);
  const { form: said } = useSearch({ strict: false }) as { form?: Form };
  const form = FORMS[kind].find((one) => one === said) ?? FORMS[kind][0] ?? 'a4';
  if (asked.error) return <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />;
  if (!asked.data) return <ScreenWaits />;
  return (
    <div className="page print-page">
      <div className="head no-print">
        <Link className="btn" to="/$collection/$id" params={{ collection, id }}>
          <ArrowLeft aria-hidden />
          {t('back')}
        </Link>
        <h1>{t('print-title')}</h1>
        <span className="sp" />
        {FORMS[kind].length > 1 && (
          <select
            className="select"
            aria-label={t('print-paper')}
            value={form}
            onChange={(e) =>
              void navigate({ to: '.', search: { form: e.target.value } as never, replace: true })
            }
          >
            {FORMS[kind].map((one) => (
              <option key={one} value={one}>
                {t(`print-paper-${one}`)}
              </option>
            ))}
          </select>
        )}
        <Button kind="primary" onClick={() => window.print()}>
          <Printer aria-hidden />
          {t('print')}
        </Button>
      </div>
      <Papers key={form} kind={kind} form={form} paper={asked.data} />
    </div>
  );
}

/** Width and height of each paper in millimetres, as the style sheet has them. */
const SIZE: Record<Form, [width: number, height: number]> = {
  a4: [210, 297],
  slip140: [241, 140],
  slip93: [241, 93],
};
/** A millimetre in pixels, as style sheets count. */
const MM = 96 / 25.4;

/** The pages; first all lines on one that nobody sees, to learn how high each of them is. */
function Papers({ kind, form, paper }: { kind: Kind; form: Form; paper: Paper }) {
  const { t, lang } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const [parts, setParts] = useState<number[] | null>(null);
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => setParts(null), [lang, paper]);
  useLayoutEffect(() => {
    const sheet = place.current?.querySelector<HTMLElement>('.measure .paper');
    if (parts === null && sheet) setParts(measured(sheet, form));
  }, [parts, form]);
  // A phone shows the whole width of the paper; its reader enlarges what they want to read.
  useEffect(() => {
    const fit = (): void => {
      const room = place.current?.clientWidth ?? 0;
      setScale(Math.min(1, (room - 8) / (SIZE[form][0] * MM)) || 1);
    };
    fit();
    addEventListener('resize', fit);
    return () => removeEventListener('resize', fit);
  }, [form]);
  let first = 0;
  return (
    <div ref={place} className="papers" tabIndex={0} role="region" aria-label={t('print-title')}>
      {parts === null && (
        <div className="measure" aria-hidden>
          <Sheet {...{ kind, form, paper, lines: paper.lines, first: 0, page: 1, of: 1 }} />
        </div>
      )}
      {parts?.map((count, at) => {
        const lines = paper.lines.slice(first, first + count);
        first += count;
        return (
          <div key={at} className="sheet" style={{ zoom: scale }}>
            <Sheet
              {...{ kind, form, paper, lines, first: first - count }}
              page={at + 1}
              of={parts.length}
            />
          </div>
        );
      })}
    </div>
  );
}

/** How many lines of a sheet with all of them go on each page of its paper. */
function measured(sheet: HTMLElement, form: Form): number[] {
  const high = (el: Element): number => el.getBoundingClientRect().height;
  const gap = Number.parseFloat(getComputedStyle(sheet).rowGap) || 0;
  const heights: number[] = [];
  let above = 0;
  let most = 0;
  for (const row of sheet.querySelectorAll('tbody tr')) {
    above += high(row);
    if (!row.hasAttribute('data-line')) most = Math.max(most, high(row));
    else {
      heights.push(above);
      above = 0;
    }
  }
  const lines = heights.reduce((sum, one) => sum + one, above);
  const atEnd = [...sheet.querySelectorAll(':scope > .at-end')];
  // A heading is said again at the top of the next page; a printer takes a millimetre.
  const roomOfLast = SIZE[form][1] * MM - (high(sheet) - lines) - most - MM - 1;
  const room = atEnd.reduce((sum, el) => sum + high(el) + gap, roomOfLast);
  return inPages({ heights, most: LINES[form], room, roomOfLast });
}

type SheetProps = {
  kind: Kind;
  form: Form;
  paper: Paper;
  lines: Line[];
  first: number;
  page: number;
  of: number;
};

function Sheet({ kind, form, paper, lines, first, page, of }: SheetProps) {
  const { t } = useWords();
  const { row, company } = paper;
  const last = page === of;
  const isSlip = form !== 'a4';
  const isTight = paper.lines.some((line) => line.gross.length > TIGHT);
  return (
    <article className={isTight ? `paper ${form} tight` : `paper ${form}`}>
      <header>
        <div>
          <b className="from">{String(company['name'])}</b>
          <p>
            {[company['address'], company['phone']].filter(Boolean).join('　')}
            {company['tax_id'] ? `　${t('print-tax-id')} ${String(company['tax_id'])}` : ''}
          </p>
        </div>
        <div className="what">
          <h2>{t(`print-${kind}`)}</h2>
          <p className="number">{String(row['number'] || t('no-number'))}</p>
        </div>
      </header>
      <Facts kind={kind} paper={paper} />
      {kind === 'statement' ? (
        <StatementLines lines={lines} first={first} row={row} />
      ) : (
        <Lines kind={kind} paper={paper} lines={lines} first={first} />
      )}
      {last && kind === 'statement' && <StatementTotals row={row} />}
      {last && kind !== 'shipment' && kind !== 'statement' && <Totals row={row} />}
      {last && kind !== 'shipment' && <Bank company={company} kind={kind} />}
      {last && kind === 'statement' && <Seals />}
      <footer>
        {(isSlip || kind === 'shipment' ? SIGN_SLIP : SIGN).map((who) => (
          <span key={who}>{t(`print-sign-${who}`)}</span>
        ))}
        <span className="nth">{t('print-nth', { page: String(page), of: String(of) })}</span>
      </footer>
      {isSlip && <p className="parts">{t('print-parts')}</p>}
    </article>
  );
}

const SIGN_SLIP = ['made', 'shipped', 'carrier', 'received'];
const SIGN = ['seller', 'buyer'];

/** From so many characters on amounts are written smaller. */
const TIGHT = 11;
/** The longest code that has a column of its own. */
const CODE = 14;

/** What each kind of document says of itself beside its lines. */
const SAID: Record<Kind, string[]> = {
  quote: ['sent_at', 'valid_until', 'terms_code', 'revision'],
  order: ['ordered_on', 'customer_po_no', 'promised_now', 'terms_code', 'ship_to'],
  invoice: ['day', 'due'],
  statement: ['period_from', 'period_until'],
  shipment: ['shipped_at', 'carrier', 'tracking', 'ship_to'],
};

function Facts({ kind, paper }: { kind: Kind; paper: Paper }) {
  const { t, words } = useWords();
  const { row, party } = paper;
  const name = String(row['heading'] || party?.['name'] || '');
  const taxId = String(row['tax_id'] || (kind === 'shipment' ? '' : party?.['tax_id']) || '');
  const shown = (field: string): string => {
    const value = row[field];
    if (value === null || value === undefined || value === '') return '';
    return field.endsWith('_at') ? instant(value).slice(0, 10) : String(value);
  };
  return (
    <dl>
      <div className="to">
        <dt>{t('print-to')}</dt>
        <dd>
          {name}
          {taxId && <small>{`　${t('print-tax-id')} ${taxId}`}</small>}
        </dd>
      </div>
      {SAID[kind]
        .filter((field) => shown(field))
        .map((field) => (
          <div key={field} className={field === 'ship_to' ? 'to' : undefined}>
            <dt>{words.field(kind, field)}</dt>
            <dd>{shown(field)}</dd>
          </div>
        ))}
      {paper.orders.length === 1 && paper.orders[0] && (
        <div>
          <dt>{words.entity('order')}</dt>
          <dd>{calledOf(paper.orders[0])}</dd>
        </div>
      )}
    </dl>
  );
}

function Lines(props: { kind: Kind; paper: Paper; lines: Line[]; first: number }) {
  const { t, words, lang } = useWords();
  const priced = props.kind !== 'shipment';
  // A long code has no column of its own beside figures; it stands above the name.
  const apart = props.paper.lines.every((line) => line.code.length <= CODE);
  const columns = (priced ? 9 : 5) + (apart ? 1 : 0);
  const head = (name: string) => t(`print-col-${name}`);
  return (
    <table>
      <thead>
        <tr>
          <th className="n">#</th>
          {apart && <th>{head('code')}</th>}
          <th>{head('name')}</th>
          <th>{head('unit')}</th>
          <th className="num">{head('qty')}</th>
          {priced && (
            <>
              <th className="num">{head('price')}</th>
              <th className="num">{head('rate')}</th>
              <th className="num">{head('net')}</th>
              <th className="num">{head('tax')}</th>
              <th className="num">
                {head('gross')} {String(props.paper.row['currency'] ?? '')}
              </th>
            </>
          )}
          {!priced && <th className="remark">{head('note')}</th>}
        </tr>
      </thead>
      <tbody>
        {props.lines.map((line, at) => (
          <Fragment key={props.first + at}>
            {line.order && line.order !== props.lines[at - 1]?.order && (
              <tr className="of">
                <td colSpan={columns}>
                  {words.entity('order')} {line.order}
                </td>
              </tr>
            )}
            <tr data-line>
              <td className="n">{props.first + at + 1}</td>
              {apart && <td className="code">{line.code}</td>}
              <td className="name">
                {!apart && <small>{line.code} </small>}
                {line.name} {line.spec}
              </td>
              <td>{line.unit}</td>
              <td className="num">{quantity(lang, line.qty)}</td>
              {priced && (
                <>
                  <td className="num">{quantity(lang, line.price)}</td>
                  <td className="num">{percent(lang, line.rate)}</td>
                  <td className="num">{amount(lang, line.net)}</td>
                  <td className="num">{amount(lang, line.tax)}</td>
                  <td className="num">{amount(lang, line.gross)}</td>
                </>
              )}
              {!priced && <td />}
            </tr>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Totals({ row }: { row: Paper['row'] }) {
  const { t, lang } = useWords();
  const currency = String(row['currency'] ?? '');
  return (
    <div className="sums at-end">
      {lang === 'zh-CN' && currency === 'CNY' && (
        <p className="capital">
          {t('print-capital')} {capital(row['gross'])}
        </p>
      )}
      <p>
        {row['freight'] !== undefined && !isZero(row['freight']) && (
          <span>
            {t('print-freight')} {amount(lang, row['freight'])}
          </span>
        )}
        <span>
          {t('print-col-net')} {amount(lang, row['net'])}
        </span>
        <span>
          {t('print-col-tax')} {amount(lang, row['tax'])}
        </span>
        <b>
          {t('print-col-gross')} {amount(lang, row['gross'])} {currency}
        </b>
      </p>
    </div>
  );
}

function Bank({ company, kind }: { company: Paper['company']; kind: Kind }) {
  const { t } = useWords();
  const bank = [company['bank'], company['bank_account']].filter(Boolean).join('　');
  return (
    <p className="bank at-end">
      {bank && `${t('print-bank')} ${bank}`}
      {kind === 'invoice' && <span>{t('print-no-tax-invoice')}</span>}
    </p>
  );
}
