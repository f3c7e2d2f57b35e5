// One row as screens read it, and the way back to its list.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { goingBack } from '../lib/left.ts';
import type { ListSearch } from '../router.tsx';
import type { Entity } from './meta.ts';

export const rowKey = (collection: string, id: string) => ['row', collection, id] as const;

export function useRow(collection: string, id: string) {
  return useQuery({
    queryKey: rowKey(collection, id),
    queryFn: () => get(`${collection}/${id}`, { lines: 'yes', verbs: 'yes' }),
  });
}

export function Crumb({ entity }: { entity: Entity }) {
  const { words, t } = useWords();
  const back = JSON.parse(
    sessionStorage.getItem(`hl.list.${entity.collection}`) ?? '{}',
  ) as ListSearch;
  return (
    <nav className="crumb" aria-label={t('crumb')}>
      <Link
        to="/$collection"
        params={{ collection: entity.collection }}
        search={back}
        onClick={goingBack}
      >
        {entity.name === 'party' ? t('nav-customers') : words.entities(entity.name)}
      </Link>
      <ChevronRight size={14} aria-hidden />
    </nav>
  );
}
