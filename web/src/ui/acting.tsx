// Standing in for another person: who may be stood in for, the band while one does, and its end.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { UserRoundCog } from 'lucide-react';
import { useEffect } from 'react';
import { get } from '../api/client.ts';
import { OVER, type Principal, acting, setActing } from '../lib/acting.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { Button } from './parts.tsx';
import { toast } from './toast.tsx';

type Delegation = { from_user: string; to_user: string; from_name: string | null; good: boolean };

/** Whose place one may take now; nobody while one stands in already. */
export function usePrincipals(): Principal[] {
  const { user } = useMe();
  const stands = acting() !== null;
  const asked = useQuery({
    queryKey: ['me', 'delegations'],
    queryFn: () => get<{ rows: Delegation[] }>('me/delegations'),
    enabled: !stands,
    staleTime: 60_000,
  });
  const mine = (asked.data?.rows ?? []).filter((d) => d.good && d.to_user === user.id);
  const named = new Map(mine.map((d) => [d.from_user, d.from_name ?? d.from_user]));
  return stands ? [] : [...named].map(([id, name]) => ({ id, name }));
}

/** Nothing that was asked as the one may be shown to the other: all of it is asked again. */
export function useStandIn(): (principal: Principal | null) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (principal) => {
    setActing(principal);
    await navigate({ to: '/' });
    await client.resetQueries();
  };
}

/** Stands above every screen while one acts for another. */
export function ActingBand() {
  const { t } = useWords();
  const stand = useStandIn();
  const principal = acting();
  useEffect(() => {
    const over = (): void => {
      if (!acting()) return;
      toast(t('acting-over'), { tone: 'bad' });
      void stand(null);
    };
    addEventListener(OVER, over);
    return () => removeEventListener(OVER, over);
  });
  if (!principal) return null;
  return (
    <div className="acting" role="status">
      <UserRoundCog size={16} aria-hidden />
      <span>{t('acting-for', { name: principal.name })}</span>
      <Button onClick={() => void stand(null)}>{t('acting-end')}</Button>
    </div>
  );
}
