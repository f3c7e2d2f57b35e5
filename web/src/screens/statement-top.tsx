// A statement of account: what it comes to, its lines, and what the customer says to each.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Row, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, amount, isZero, money, quantity } from '../lib/number.ts';
import type { DetailProps } from '../meta/registry.ts';
import { useRefresh, useTold } from '../meta/verbs.tsx';
import { Button, Labelled, Note, Tag } from '../ui/parts.tsx';
import { reason as said } from '../ui/toast.tsx';

const SUMS = ['opening', 'delivered', 'returned', 'paid', 'closing'];
type Seen = { difference: string; note: string };
const NOTHING: Seen = { difference: '', note: '' };

export function StatementTop({ entity, row }: DetailProps) {
  const { t, words, lang } = useWords();
  const currency = String(row['currency']);
  const lines = (row['statement_lines'] as Row[] | undefined) ?? [];
  return (
    <>
      <section className="card">
        <dl className="in figures-row">
          {SUMS.map((name) => (
            <div key={name}>
              <dt>{words.field('statement', name)}</dt>
              <dd className={name === 'closing' ? 'num big' : 'num'}>
                {money(lang, row[name], currency)}
              </dd>
            </div>
          ))}
          {!isZero(row['difference']) && (
            <div>
              <dt>{words.field('statement', 'difference')}</dt>
              <dd className="num bad">{money(lang, row['difference'], currency)}</dd>
            </div>
          )}
        </dl>
      </section>
      {row['state'] === 'sent' && <Note>{t('statement-sent-hint')}</Note>}
      {row['state'] === 'difference' && (
        <Note tone="warn">{t('statement-differs', { why: String(row['reason']) })}</Note>
      )}
      <Answer key={String(row.version)} entity={entity} row={row} lines={lines} />
    </>
  );
}

/** The lines, with what the customer says to them while that is asked. */
function Answer({ entity, row, lines }: DetailProps & { lines: Row[] }) {
  const { t, words, lang } = useWords();
  const may = (verb: string): boolean => entity.verbs.some((v) => v.name === verb && v.may);
  const [noting, setNoting] = useState(false);
  const [seen, setSeen] = useState<Record<number, Seen>>({});
  const [dealt, setDealt] = useState<Record<number, string>>({});
  const [why, setWhy] = useState('');
  const [signedBy, setSignedBy] = useState('');
  const [busy, setBusy] = useState('');
  const [refused, setRefused] = useState<unknown>(null);
  const [key] = useState(newKey);
  const refresh = useRefresh();
  const told = useTold();
  const run = async (verb: string, body: unknown): Promise<void> => {
    setBusy(verb);
    setRefused(null);
    try {
      const answer = await send(`statements/${row.id}/${verb}`, body, {
        version: row.version,
        key: `${key}-${verb}`,
      });
      told('statement', verb, answer);
      await refresh();
    } catch (error) {
      setRefused(error);
      setBusy('');
    }
  };
  const differences = Object.entries(seen)
    .filter(([, one]) => one.difference.trim() !== '')
    .map(([no, one]) => ({ line_no: Number(no), ...one }));
  const open = lines.filter((line) => line['dealt'] === 'noted');
  const dealing = row['state'] === 'difference' && may('confirm');
  const answered = open.every((line) => dealt[Number(line['line_no'])]);
  const confirmable = may('confirm') && (row['state'] === 'sent' || dealing);
  const shownDiffers = noting || lines.some((line) => line['dealt'] !== 'none');
  return (
    <section className="card">
      <header>
        <h2>{words.entities('statement_line')}</h2>
        <span className="muted">{lines.length}</span>
        <span className="sp" />
        {row['state'] === 'sent' && may('differ') && (
          <Button kind="ghost" aria-pressed={noting} onClick={() => setNoting(!noting)}>
            {words.verb('statement', 'differ')}
          </Button>
        )}
      </header>
      <div className="in scroll" role="region" aria-label={words.entities('statement_line')} tabIndex={0}>
        <table className="grid lines statement">
          <thead>
            <tr>
              {['day', 'kind', 'number', 'text'].map((name) => (
                <th key={name}>{words.field('statement_line', name)}</th>
              ))}
              {['qty', 'amount'].map((name) => (
                <th key={name} className="num">
                  {words.field('statement_line', name)}
                </th>
              ))}
              {shownDiffers && (
                <>
                  <th className="num">{words.field('statement_line', 'difference')}</th>
                  <th>{words.field('statement_line', 'note')}</th>
                  <th>{words.field('statement_line', 'dealt')}</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <td data-label={words.field('statement_line', 'day')}>{String(line['day'])}</td>
                <td data-label={words.field('statement_line', 'kind')}>
                  {words.option('statement_line', 'kind', String(line['kind']))}
                </td>
                <td className="no" data-label={words.field('statement_line', 'number')}>
                  <Source line={line} />
                </td>
                <td data-label={words.field('statement_line', 'text')}>{String(line['text'])}</td>
                <td className="num" data-label={words.field('statement_line', 'qty')}>
                  {isZero(line['qty']) ? '' : quantity(lang, String(line['qty']))}
                </td>
                <td className="num" data-label={words.field('statement_line', 'amount')}>
                  {amount(lang, line['amount'])}
                </td>
                {shownDiffers && (
                  <Difference
                    line={line}
                    noting={noting}
                    dealing={dealing}
                    seen={seen[Number(line['line_no'])] ?? NOTHING}
                    setSeen={(one) =>
                      setSeen((now) => ({ ...now, [Number(line['line_no'])]: one }))
                    }
                    dealt={dealt[Number(line['line_no'])] ?? ''}
                    setDealt={(how) =>
                      setDealt((now) => ({ ...now, [Number(line['line_no'])]: how }))
                    }
                  />
                )}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={5}>{words.field('statement', 'closing')}</td>
              <td className="num">
                {amount(
                  lang,
                  add([String(row['opening']), ...lines.map((l) => String(l['amount']))]),
                )}
              </td>
              {shownDiffers && <td colSpan={3} />}
            </tr>
          </tfoot>
        </table>
      </div>
      {(confirmable || noting) && (
        <div className="in stack">
          {refused !== null && <Note tone="bad">{said(refused, t)}</Note>}
          {noting ? (
            <div className="rowx wrap">
              <Labelled label={words.field('statement', 'reason')} required>
                {(ids) => (
                  <input
                    {...ids}
                    className="input"
                    maxLength={200}
                    value={why}
                    onChange={(e) => setWhy(e.target.value)}
                  />
                )}
              </Labelled>
              <Button
                kind="primary"
                busy={busy === 'differ'}
                onClick={() => void run('differ', { reason: why, lines: differences })}
              >
                {t('statement-note')}
              </Button>
            </div>
          ) : (
            <div className="rowx wrap">
              <Labelled label={t('statement-signed-by')}>
                {(ids) => (
                  <input
                    {...ids}
                    className="input"
                    maxLength={60}
                    value={signedBy}
                    onChange={(e) => setSignedBy(e.target.value)}
                  />
                )}
              </Labelled>
              <Button
                kind="primary"
                busy={busy === 'confirm'}
                disabled={!answered}
                onClick={() =>
                  void run('confirm', {
                    signed_by: signedBy,
                    lines: open.map((line) => ({
                      line_no: line['line_no'],
                      dealt: dealt[Number(line['line_no'])],
                    })),
                  })
                }
              >
                {words.verb('statement', 'confirm')}
              </Button>
              {!answered && <span className="muted">{t('statement-answer-first')}</span>}
            </div>
          )}
        </div>
      )}
    </section>
  );
}

function Source({ line }: { line: Row }) {
  const number = String(line['number']);
  const [collection, id] =
    line['order_id'] ? ['orders', line['order_id']] : ['payments', line['payment']];
  if (!id) return number;
  return (
    <Link to="/$collection/$id" params={{ collection: collection as string, id: String(id) }}>
      {number}
    </Link>
  );
}

type DifferenceProps = {
  line: Row;
  noting: boolean;
  dealing: boolean;
  seen: Seen;
  setSeen: (seen: Seen) => void;
  dealt: string;
  setDealt: (how: string) => void;
};

function Difference(props: DifferenceProps) {
  const { words, lang } = useWords();
  const { line, seen } = props;
  const nth = String(line['line_no']);
  const label = (name: string): string => words.field('statement_line', name);
  if (props.noting) {
    return (
      <>
        <td className="num" data-label={label('difference')}>
          <input
            className="input num"
            inputMode="decimal"
            aria-label={`${label('difference')} ${nth}`}
            value={seen.difference}
            onChange={(e) => props.setSeen({ ...seen, difference: e.target.value })}
          />
        </td>
        <td data-label={label('note')} colSpan={2}>
          <input
            className="input"
            maxLength={200}
            aria-label={`${label('note')} ${nth}`}
            value={seen.note}
            onChange={(e) => props.setSeen({ ...seen, note: e.target.value })}
          />
        </td>
      </>
    );
  }
  const state = String(line['dealt']);
  return (
    <>
      <td className="num" data-label={label('difference')}>
        {isZero(line['difference']) ? '' : amount(lang, line['difference'])}
      </td>
      <td data-label={label('note')}>{String(line['note'])}</td>
      <td data-label={label('dealt')}>
        {state === 'noted' && props.dealing ? (
          <select
            className="select"
            aria-label={`${label('dealt')} ${nth}`}
            value={props.dealt}
            onChange={(e) => props.setDealt(e.target.value)}
          >
            <option value="">{words.option('statement_line', 'dealt', 'noted')}</option>
            {['adjusted', 'carried'].map((how) => (
              <option key={how} value={how}>
                {words.option('statement_line', 'dealt', how)}
              </option>
            ))}
          </select>
        ) : (
          state !== 'none' && (
            <Tag tone={state === 'noted' ? 'warn' : ''}>
              {words.option('statement_line', 'dealt', state)}
            </Tag>
          )
        )}
      </td>
    </>
  );
}
