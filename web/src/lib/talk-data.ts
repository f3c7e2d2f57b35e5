// Comments and tasks as the program has them; live updates have them fetched again.
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { get, newKey } from '../api/client.ts';
import type { Comments, Reader, Tasks } from './talk.ts';

export const talkKey = (collection: string, id: string): string[] => ['facts', collection, id, 'talk'];

export const useComments = (collection: string, id: string) =>
  useQuery({
    queryKey: talkKey(collection, id),
    queryFn: () => get<Comments>(`${collection}/${id}/comments`),
  });

export const useTasks = (collection: string, id: string) =>
  useQuery({
    queryKey: ['facts', collection, id, 'tasks'],
    queryFn: () => get<Tasks>(`${collection}/${id}/tasks`),
  });

/** Open tasks that are for me, then those that I asked of others. */
export const useMyTasks = () =>
  useQuery({ queryKey: ['my-tasks'], queryFn: () => get<Tasks>('me/tasks'), staleTime: 60_000 });

/** Who may read a record, by a part of their name; nobody is asked for while nothing is typed. */
export const useReaders = (collection: string, id: string, typed: string | null) =>
  useQuery({
    queryKey: ['readers', collection, id, typed],
    enabled: typed !== null,
    staleTime: 30_000,
    placeholderData: (before) => before,
    queryFn: () => get<{ rows: Reader[] }>(`${collection}/${id}/people`, { q: typed ?? '' }),
  });

/** The key of what is sent: the same for the same words, so that a repeat over a lost line acts
 *  once, and another one for others. */
export function useKeyOf(): (said: string) => string {
  const last = useRef({ said: '', key: newKey() });
  return (said) => {
    if (last.current.said !== said) last.current = { said, key: newKey() };
    return last.current.key;
  };
}
