// One's inbox: what waits to be known or done. Live updates have it fetched again.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../api/client.ts';

export type Notice = {
  id: string;
  kind:
    | 'hold'
    | 'approval'
    | 'work_done'
    | 'work_died'
    | 'webhook_off'
    | 'figure'
    | 'scorecard'
    | 'mention'
    | 'answer'
    | 'task'
    | 'task_ended';
  reason: string;
  /** Who said it, and what a comment or a task says. */
  by: string | null;
  text: string | null;
  document: { entity: string; collection: string; id: string; title: string } | null;
  at: string;
  read_at: string | null;
  settled_at: string | null;
};
type Inbox = { unread: number; rows: Notice[]; people: Record<string, string> };

/** Without rows it only says how many are unread. */
export const useInbox = (rows: boolean) =>
  useQuery({
    queryKey: ['inbox', rows],
    queryFn: () => get<Inbox>('inbox', rows ? {} : { rows: 'no' }),
    staleTime: 60_000,
  });

export function useMark() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, read }: { ids: string[]; read: boolean }) =>
      send('inbox/read', { ids, read }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  });
}
