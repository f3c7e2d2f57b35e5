// Other rows that name this one, the newest of each kind, with a way to all of them.
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Row, list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { type Entity, columnsOf, fieldOf, useEntityQuery } from './meta.ts';
import { CardTable } from '../ui/card-table.tsx';
import { Value, isFigure } from './show.tsx';

const SHOWN = 5;

export function Related({ entity, row }: { entity: Entity; row: Row }) {
  const asked = useQueries({
    queries: entity.related.map((of) => ({
      queryKey: ['related', of.collection, of.field, row.id],
      queryFn: () =>
        list(of.collection, { filter: `${of.field}:eq:${row.id}`, sort: '-id', limit: SHOWN }),
      retry: false,
    })),
  });
  return entity.related.map((of, at) => {
    const page = asked[at]?.data;
    if (!page || page.rows.length === 0) return null;
    return <RelatedList key={of.entity} of={of} rows={page.rows} total={page.total} id={row.id} />;
  });
}

function RelatedList({
  of,
  rows,
  total,
  id,
}: {
  of: Entity['related'][number];
  rows: Row[];
  total: number | string | null;
  id: string;
}) {
  const { words, t, lang } = useWords();
  const meta = useEntityQuery(of.entity).data;
  if (!meta) return null;
  const title = fieldOf(meta.fields, meta.title);
  const columns = columnsOf(meta)
    .filter((f) => f.name !== of.field && f.name !== meta.title && f.type !== 'flag')
    .slice(0, 5);
  const all = typeof total === 'number' ? count(lang, total) : (total ?? '');
  return (
    <section className="card">
      <header>
        <h2>{words.entities(of.entity)}</h2>
        <span className="muted">{all}</span>
        <span className="sp" />
        {rows.length === SHOWN && (
          <Link
            className="text"
            to="/$collection"
            params={{ collection: of.collection }}
            search={{ filter: [`${of.field}:eq:${id}`] }}
          >
            {t('related-all')}
          </Link>
        )}
      </header>
      <div className="in scroll" role="region" aria-label={words.entities(of.entity)} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>
                {title && meta.title !== 'id'
                  ? words.field(meta.name, meta.title)
                  : words.entity(meta.name)}
              </th>
              {columns.map((c) => (
                <th key={c.name} className={isFigure(c) ? 'num' : undefined}>
                  {words.field(meta.name, c.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.id}>
                <td>
                  <Link
                    className="no"
                    to="/$collection/$id"
                    params={{ collection: of.collection, id: one.id }}
                  >
                    {(meta.title !== 'id' && String(one[meta.title] ?? '')) || t('ref-open')}
                  </Link>
                </td>
                {columns.map((c) => (
                  <td key={c.name} className={isFigure(c) ? 'num' : undefined}>
                    <Value owner={meta.name} field={c} row={one} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}
