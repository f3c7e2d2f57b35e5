// Signing in by login and password.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { get, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { Gate } from './gate.tsx';

export function SignIn() {
  const { t } = useWords();
  const { next } = useSearch({ from: '/sign-in' });
  const start = useQuery({
    queryKey: ['start'],
    queryFn: () =>
      get<{ set_up: boolean; company: string | null; asks_tenant: boolean }>('start'),
  });
  const asksTenant = start.data?.asks_tenant === true;
  const [tenant, setTenant] = useState(() => localStorage.getItem('hl.tenant') ?? '');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await send('sign-in', asksTenant ? { tenant, login, password } : { login, password });
      if (asksTenant) localStorage.setItem('hl.tenant', tenant);
      client.clear();
      await navigate({ to: next?.startsWith('/') ? next : '/' });
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  if (start.data && !start.data.set_up) {
    return (
      <Gate>
        <div className="stack">
          <h1>{t('welcome')}</h1>
          <p>{t('needs-set-up')}</p>
        </div>
      </Gate>
    );
  }
  return (
    <Gate company={start.data?.company}>
      <form className="stack" onSubmit={(event) => void enter(event)}>
        <h1>{t('sign-in')}</h1>
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        {asksTenant && (
          <Labelled label={t('sign-in-tenant')}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                name="tenant"
                autoComplete="organization"
                autoCapitalize="none"
                required
                value={tenant}
                onChange={(e) => setTenant(e.target.value.trim())}
              />
            )}
          </Labelled>
        )}
        <Labelled label={t('sign-in-login')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              name="login"
              autoComplete="username"
              autoCapitalize="none"
              required
              autoFocus
              value={login}
              onChange={(e) => setLogin(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={t('sign-in-password')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              name="password"
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(e) => setPassword(e.target.value)}
            />
          )}
        </Labelled>
        <Button kind="primary" type="submit" busy={busy}>
          {t('sign-in')}
        </Button>
        <p>{t('sign-in-link-hint')}</p>
      </form>
    </Gate>
  );
}
