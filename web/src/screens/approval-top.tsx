// What an approval would let pass, in words, above its fields.
import { useQuery } from '@tanstack/react-query';
import { list } from '../api/client.ts';
import type { DetailProps } from '../meta/registry.ts';
import { HoldNotes } from './order-top.tsx';

export function ApprovalTop({ row }: DetailProps) {
  const asked = useQuery({
    queryKey: ['list', 'holds', 'of approval', row.id],
    queryFn: () =>
      list('holds', {
        filter: [`approval:eq:${row.id}`],
        fields: 'kind,currency,found,bound,days,discount,about',
        limit: 1,
      }),
  });
  return <HoldNotes open={asked.data?.rows ?? []} />;
}
