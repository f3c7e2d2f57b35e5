// Who is signed in, in which company, and what they may do.
import { useQuery } from '@tanstack/react-query';
import { createContext, use, type ReactNode } from 'react';
import { get } from '../api/client.ts';
import { type Grant, may } from './rights.ts';

export type Me = {
  user: { id: string; login: string; name: string; department: string | null };
  company: { id: string; code: string; name: string; currency: string };
  today: string;
  /** Whoever is acted for; `within` are the patterns that were delegated. */
  acting_for: string | null;
  within: string[] | null;
  grants: Grant[];
};

const Context = createContext<Me | null>(null);

export const meKey = ['me'] as const;
export const useMeQuery = () =>
  useQuery({ queryKey: meKey, queryFn: () => get<Me>('me'), retry: false, staleTime: 5 * 60_000 });

export function SignedIn({ me, children }: { me: Me; children: ReactNode }) {
  return <Context value={me}>{children}</Context>;
}

export function useMe(): Me {
  const me = use(Context);
  if (!me) throw new Error('useMe outside SignedIn');
  return me;
}

export function useMay(): (permission: string) => boolean {
  const { grants, within } = useMe();
  return (permission) => may(grants, permission, within);
}
