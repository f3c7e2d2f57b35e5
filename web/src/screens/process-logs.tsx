// Logs of other systems beside the company's own process: added as a file, looked at in the same
// screens, its columns corrected where the guess was wrong.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { get, send, upload } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { reason, useToastProblem } from '../ui/toast.tsx';

type Columns = Record<(typeof COLUMNS)[number], string | null>;
type Log = {
  id: string;
  name: string;
  format: string;
  cases: number;
  events: number;
  variants: number;
  odd: number;
  columns: Columns | null;
};
type Shelf = { rows: Log[]; may_add: boolean; most: number; limit: number };

const COLUMNS = ['case', 'activity', 'time', 'end', 'resource'] as const;

export function Logs(props: {
  chosen: string | undefined;
  choose: (log: string | undefined) => void;
}) {
  const { t, lang } = useWords();
  const client = useQueryClient();
  const problem = useToastProblem();
  const [sent, setSent] = useState<File>();
  const asked = useQuery({ queryKey: ['process', 'logs'], queryFn: () => get<Shelf>('process/logs') });
  const add = useMutation({
    mutationFn: ({ file, columns }: { file: File; columns?: Partial<Columns> }) => {
      const wanted = Object.entries(columns ?? {}).filter(([, v]) => v) as [string, string][];
      return upload<Log>(`process/logs?${new URLSearchParams(wanted).toString()}`, file);
    },
    onSuccess: async (log) => {
      await client.invalidateQueries({ queryKey: ['process'] });
      props.choose(log.id);
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => send(`process/logs/${id}/remove`),
    onSuccess: async () => {
      props.choose(undefined);
      await client.invalidateQueries({ queryKey: ['process', 'logs'] });
    },
    onError: problem,
  });
  const shelf = asked.data;
  if (!shelf || (!shelf.may_add && shelf.rows.length === 0)) return null;
  const log = shelf.rows.find((one) => one.id === props.chosen);
  return (
    <div className="stack logs">
      <div className="rowx" role="group" aria-label={t('logs')}>
        <button
          type="button"
          className="chip"
          aria-pressed={!props.chosen}
          onClick={() => props.choose(undefined)}
        >
          {t('logs-own')}
        </button>
        {shelf.rows.map((one) => (
          <button
            key={one.id}
            type="button"
            className="chip"
            aria-pressed={props.chosen === one.id}
            onClick={() => props.choose(one.id)}
          >
            {one.name}
          </button>
        ))}
        {shelf.may_add && (
          <label className="btn file">
            <Upload size={16} aria-hidden /> {t('logs-add')}
            <input
              type="file"
              aria-label={t('logs-add')}
              disabled={add.isPending}
              onChange={(e) => {
                const file = e.target.files?.[0];
                e.target.value = '';
                if (!file) return;
                setSent(file);
                add.mutate({ file });
              }}
            />
          </label>
        )}
        {add.isPending && <span className="muted">{t('logs-reading')}</span>}
      </div>
      {add.error && <Note tone="bad">{reason(add.error, t)}</Note>}
      {(log || (add.error && sent)) && (
        <section className="card">
          <div className="in rowx">
            {log && (
              <>
                <span>
                  {t('logs-holds', {
                    format: log.format,
                    cases: log.cases,
                    events: count(lang, log.events),
                    odd: log.odd,
                  })}
                </span>
                <span className="sp" />
                <a className="btn" href={`/api/v1/process/logs/${log.id}/report?lang=${lang}`} download>
                  {t('logs-report')}
                </a>
                {shelf.may_add && (
                  <Button onClick={() => remove.mutate(log.id)} busy={remove.isPending}>
                    <Trash2 size={16} aria-hidden /> {t('logs-remove')}
                  </Button>
                )}
              </>
            )}
          </div>
          {sent && (log?.columns ?? add.error) && (
            <Wizard
              key={`${sent.name}${log?.id ?? ''}`}
              taken={log?.columns ?? null}
              read={(columns) => add.mutate({ file: sent, columns })}
              busy={add.isPending}
            />
          )}
        </section>
      )}
    </div>
  );
}

/** Which column is what: as guessed, and to be corrected. */
function Wizard(props: { taken: Columns | null; read: (columns: Partial<Columns>) => void; busy: boolean }) {
  const { t } = useWords();
  const [columns, setColumns] = useState<Partial<Columns>>(props.taken ?? {});
  return (
    <form
      className="in rowx"
      onSubmit={(e) => {
        e.preventDefault();
        props.read(columns);
      }}
    >
      {COLUMNS.map((one) => (
        <Labelled key={one} label={t(`logs-column-${one}`)}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={columns[one] ?? ''}
              onChange={(e) => setColumns({ ...columns, [one]: e.target.value })}
            />
          )}
        </Labelled>
      ))}
      <Button type="submit" busy={props.busy}>
        {t('logs-again')}
      </Button>
    </form>
  );
}
