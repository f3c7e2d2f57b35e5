// What people call the rows that other rows name by id: asked for in one request an entity.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { list } from '../api/client.ts';
import { indexQuery } from './meta.ts';

type Waiting = { ids: Set<string>; answer: Promise<Map<string, string>> };
const waiting = new Map<string, Waiting>();
const MOST = 200;

/** Gathers ids for a moment, then asks once. */
function ask(collection: string, title: string, id: string): Promise<Map<string, string>> {
  const open = waiting.get(collection);
  if (open && open.ids.size < MOST) {
    open.ids.add(id);
    return open.answer;
  }
  const ids = new Set([id]);
  const answer = new Promise<void>((done) => setTimeout(done, 8)).then(async () => {
    if (waiting.get(collection)?.ids === ids) waiting.delete(collection);
    const page = await list(collection, {
      filter: `id:in:${[...ids].join(',')}`,
      fields: title,
      count: 'no',
      limit: MOST,
    });
    return new Map(page.rows.map((row) => [row.id, String(row[title] ?? '')]));
  });
  waiting.set(collection, { ids, answer });
  return answer;
}

/** The title of a row; nothing while it is not known, or not for this user. */
export function useTitle(
  entity: string | undefined,
  id: string | null | undefined,
): string | undefined {
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ['title', entity, id],
    enabled: Boolean(entity && id),
    staleTime: 60_000,
    retry: false,
    queryFn: async () => {
      const index = await client.ensureQueryData(indexQuery);
      const known = index.find((e) => e.name === entity);
      if (!known || known.title === 'id') return '';
      return (await ask(known.collection, known.title, String(id))).get(String(id)) ?? '';
    },
  });
  return asked.data;
}
