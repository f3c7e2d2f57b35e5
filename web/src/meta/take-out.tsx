// A list as a table to open elsewhere: the same conditions, order and columns as on the screen.
import { Download } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import type { ListSearch } from '../router.tsx';
import { Popped } from '../ui/popped.tsx';
import { useToastProblem } from '../ui/toast.tsx';
import { shownColumns } from './list-screen.tsx';
import { type Entity, orderOf, withTitle } from './meta.ts';

const FORMATS = ['xlsx', 'csv'] as const;

export function TakeOut({ entity, search }: { entity: Entity; search: ListSearch }) {
  const { t } = useWords();
  const problem = useToastProblem();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const take = async (format: (typeof FORMATS)[number]): Promise<void> => {
    setOpen(false);
    setBusy(true);
    try {
      await download(`${entity.collection}/export`, {
        format,
        q: search.q,
        filter: search.filter,
        where: search.where,
        sort: orderOf(entity, search.sort),
        fields: withTitle(entity, shownColumns(entity, search)).join(),
      });
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="pop only-wide">
      <button
        type="button"
        className="btn ghost"
        aria-expanded={open}
        aria-busy={busy}
        disabled={busy}
        onClick={() => setOpen(!open)}
      >
        {busy ? <span className="spin" aria-hidden /> : <Download aria-hidden />}
        {t('take-out')}
      </button>
      {open && (
        <Popped label={t('take-out')} close={() => setOpen(false)}>
          {FORMATS.map((format, at) => (
            <button
              key={format}
              type="button"
              className="it"
              autoFocus={at === 0}
              onClick={() => void take(format)}
            >
              {t(`take-out-${format}`)}
            </button>
          ))}
        </Popped>
      )}
    </div>
  );
}
