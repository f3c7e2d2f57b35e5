// Above an opportunity: its place in the pipeline, and the quotation to make of it.
import { Link } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import type { Entity } from '../meta/meta.ts';

const STAGES = ['discovery', 'solution', 'quoted', 'negotiation'];

export function OpportunityTop({ row }: { entity: Entity; row: Row }) {
  const { t, words } = useWords();
  const may = useMay();
  const at = STAGES.indexOf(String(row['stage']));
  const won = row['state'] === 'won';
  const open = row['state'] === 'open';
  return (
    <div className="card way">
      <ol>
        {STAGES.map((stage, n) => (
          <li
            key={stage}
            data-done={won || n < at ? 'done' : n === at && open ? 'now' : 'next'}
            style={{ '--c': 'var(--st-opportunity)' } as never}
          >
            <span className="mark" aria-hidden />
            <b>{words.option('opportunity', 'stage', stage)}</b>
            <small>{n === at ? words.state('opportunity', String(row['state'])) : ''}</small>
          </li>
        ))}
      </ol>
      {open && row['party'] && may('sales.quote.create') ? (
        <Link
          className="btn primary"
          to="/$collection/new"
          params={{ collection: 'quotes' }}
          search={{ party: String(row['party']), opportunity: row.id } as never}
        >
          <FileText aria-hidden />
          {t('new-of', { what: words.entity('quote') })}
        </Link>
      ) : null}
    </div>
  );
}
