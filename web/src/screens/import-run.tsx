// An import under way: how far it is, what came of it, and the way back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { list, newKey, send } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Loading, Note, Tag, toneOf } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { type Under, kindName, sourceName, sumName, useUnder } from './import-data.ts';

export function Run({ id }: { id: string }) {
  const { t, words, lang } = useWords();
  const asked = useUnder(id);
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data) return <Loading lines={5} />;
  const now = asked.data;
  const ended = now.state === 'applied' || now.state === 'undone';
  const part = now.total > 0 ? Math.floor((now.done * 100) / now.total) : 0;
  return (
    <section className="card">
      <header>
        <h2>{sourceName(words, now.source)}</h2>
        <Tag tone={toneOf(now.state)}>{words.state('import_batch', now.state)}</Tag>
        <span className="sp" />
        <Link className="btn" to="/import">
          {t('import-another')}
        </Link>
        <Undo now={now} />
      </header>
      <div className="in stack" role="status">
        {!ended && now.state !== 'undoing' && (
          <>
            <progress
              className="progress"
              aria-label={t('import-progress')}
              max={Math.max(1, now.total)}
              value={now.done}
            />
            <p>
              {t('import-so-far', {
                done: count(lang, now.done),
                total: count(lang, now.total),
                part: String(part),
              })}
            </p>
            <p className="muted">{t('import-leave')}</p>
          </>
        )}
        {now.state === 'undoing' && <p>{t('import-undoing')}</p>}
        {now.state === 'undone' && <Note>{t('import-undone')}</Note>}
        {!ended && now.stuck && (
          <Note tone="warn">
            {t(now.stuck.state === 'dead' ? 'import-given-up' : 'import-stuck', {
              what: now.stuck.message,
            })}
          </Note>
        )}
        {now.state === 'applied' && <Done now={now} />}
      </div>
    </section>
  );
}

function Done({ now }: { now: Under }) {
  const { t, words, lang } = useWords();
  const report = now.report;
  return (
    <>
      <Note>{t('import-done', { count: count(lang, now.done) })}</Note>
      <dl className="facts">
        {Object.entries(report?.counts ?? {}).map(([kind, c]) => (
          <div key={kind}>
            <dt>{kindName(words, kind)}</dt>
            <dd>{count(lang, c.new)}</dd>
          </div>
        ))}
        {(report?.sums ?? []).map((sum) => (
          <div key={sum.name}>
            <dt>{sumName(words, sum.name)}</dt>
            <dd>
              {sum.stored} {sum.equal ? t('import-equal') : t('import-differs', { file: sum.file })}
            </dd>
          </div>
        ))}
      </dl>
      <ul className="plain notes">
        {(report?.notes ?? []).map((note) => (
          <li key={note.message} className="muted">
            {note.message}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Asked first: it removes rows, and says how many. */
function Undo({ now }: { now: Under }) {
  const { t, lang } = useWords();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const key = useRef(newKey());
  const undo = useMutation({
    mutationFn: () => send(`imports/${now.id}/undo`, {}, { key: key.current }),
    onSuccess: async () => {
      setOpen(false);
      await client.invalidateQueries({ queryKey: ['imports', now.id] });
    },
    onError: () => {
      key.current = newKey();
    },
  });
  if (!now.may_undo || now.state === 'undone' || now.state === 'undoing') return null;
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t('import-undo')}
      </Button>
      {open && (
        <Dialog
          title={t('import-undo')}
          text={t('import-undo-text', { count: count(lang, now.done) })}
          close={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{t('back')}</Button>
              <Button kind="danger" busy={undo.isPending} onClick={() => undo.mutate()}>
                {t('import-undo')}
              </Button>
            </>
          }
        >
          {undo.error && <Note tone="bad">{reason(undo.error, t)}</Note>}
        </Dialog>
      )}
    </>
  );
}

/** The latest imports, to look at or to take back. */
export function Recent() {
  const { t, words, lang } = useWords();
  const asked = useQuery({
    queryKey: ['imports', 'recent'],
    queryFn: () =>
      list('import_batches', { sort: '-id', limit: 10, fields: 'source,state,rows,validated_at' }),
  });
  const rows = asked.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('import-recent')}</h2>
      </header>
      <div className="in">
        <ul className="plain">
          {rows.map((row) => (
            <li key={row.id}>
              <span className="grow">
                <Link className="no" to="/import" search={{ batch: row.id } as never}>
                  {sourceName(words, String(row['source']))}
                </Link>
                <small className="muted">{instant(row['validated_at'])}</small>
              </span>
              <span className="muted">
                {t('import-rows-of', { count: count(lang, Number(row['rows'])) })}
              </span>
              <Tag tone={toneOf(String(row['state']))}>
                {words.state('import_batch', String(row['state']))}
              </Tag>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
