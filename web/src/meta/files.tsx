// Files that hang on a row: shown, fetched, and hung by whoever may do something with it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Paperclip } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { get, upload } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { reason, toast, useToastProblem } from '../ui/toast.tsx';

type Kept = { id: string; name: string; media: string; size: number; made_at: string };
type Answer = { rows: Kept[]; may_attach: boolean; limit: number };

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} kB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

export function Files({ collection, id }: { collection: string; id: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const problem = useToastProblem();
  const picker = useRef<HTMLInputElement>(null);
  const path = `${collection}/${id}/files`;
  const queryKey = ['facts', collection, id, 'files'];
  const asked = useQuery({ queryKey, queryFn: () => get<Answer>(path) });
  const attach = useMutation({
    mutationFn: (file: File) => upload(path, file),
    onSuccess: async () => {
      toast(t('files-attached'));
      await client.invalidateQueries({ queryKey: ['facts', collection, id] });
    },
    onError: problem,
  });
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    if (file) attach.mutate(file);
    event.target.value = '';
  };
  const rows = asked.data?.rows ?? [];
  if (asked.data && rows.length === 0 && !asked.data.may_attach) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('files')}</h2>
        <span className="sp" />
        {asked.data?.may_attach && (
          <>
            <input
              ref={picker}
              type="file"
              hidden
              aria-label={t('files-attach')}
              onChange={chosen}
            />
            <Button onClick={() => picker.current?.click()} busy={attach.isPending}>
              <Paperclip size={15} aria-hidden />
              {t('files-attach')}
            </Button>
          </>
        )}
      </header>
      <div className="in">
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {asked.data && rows.length === 0 && <p className="muted">{t('files-none')}</p>}
        <ul className="plain">
          {rows.map((file) => (
            <li key={file.id}>
              <span className="grow">
                <a href={`/api/v1/${path}/${file.id}`} download={file.name}>
                  {file.name}
                </a>
                <small className="muted">
                  {sizeOf(file.size)} · {instant(file.made_at)}
                </small>
              </span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
