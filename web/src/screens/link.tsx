// A link from the program: it signs in once, or it sets up the first company.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { get, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Loading, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { Gate } from './gate.tsx';
import { SetUp } from './set-up.tsx';

export function LinkScreen() {
  const { t } = useWords();
  const { token } = useParams({ from: '/link/$token' });
  const asked = useQuery({
    queryKey: ['link', token],
    retry: false,
    queryFn: () =>
      get<{ kind: 'sign_in' | 'set_up'; start_period: string }>(
        `links/${encodeURIComponent(token)}`,
      ),
  });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const enter = async (): Promise<void> => {
    setBusy(true);
    try {
      await send('sign-in', { link: token });
      client.clear();
      await navigate({ to: '/', replace: true });
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  const problem = refused ?? asked.error;
  if (asked.data?.kind === 'set_up') return <SetUp link={token} period={asked.data.start_period} />;
  return (
    <Gate>
      <div className="stack">
        <h1>{t('sign-in')}</h1>
        {asked.isPending && <Loading lines={2} />}
        {problem ? (
          <>
            <Note tone="bad">{reason(problem, t)}</Note>
            <Link className="btn" to="/sign-in" search={{}}>
              {t('sign-in-by-password')}
            </Link>
          </>
        ) : (
          asked.data && (
            <>
              <p>{t('link-once')}</p>
              <Button kind="primary" autoFocus busy={busy} onClick={() => void enter()}>
                {t('sign-in')}
              </Button>
            </>
          )
        )}
      </div>
    </Gate>
  );
}
