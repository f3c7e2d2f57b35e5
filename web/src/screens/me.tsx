// One's own account: where one is signed in, and the password.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Problem, get, send } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { MailWish } from './mail.tsx';
import { Keys } from './me-keys.tsx';
import { Button, Labelled, Loading, Note, Tag } from '../ui/parts.tsx';
import { reason, toast, useToastProblem } from '../ui/toast.tsx';

type Device = {
  id: string;
  device: string;
  created_at: string;
  last_seen_at: string;
  this: boolean;
};

/** A browser as people know it; the rest of what it calls itself says nothing to them. */
function deviceName(device: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari|curl)\//.exec(device)?.[1] ?? '';
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(device)?.[1] ?? '';
  const named = browser.replace('Edg', 'Edge').replace('OPR', 'Opera');
  return (
    [named, system.replace('Mac OS X', 'macOS')].filter(Boolean).join(' · ') || device.slice(0, 60)
  );
}

export function MeScreen() {
  const { t } = useWords();
  const me = useMe();
  return (
    <div className="page narrow">
      <div className="head">
        <h1>{me.user.name}</h1>
        <span className="sub">{me.user.login}</span>
      </div>
      <Devices />
      <Keys />
      <Password />
      <MailWish />
      <p className="muted">{t('me-company', { name: me.company.name, code: me.company.code })}</p>
    </div>
  );
}

function Devices() {
  const { t } = useWords();
  const client = useQueryClient();
  const problem = useToastProblem();
  const asked = useQuery({
    queryKey: ['sign-ins'],
    queryFn: () => get<{ rows: Device[] }>('me/sign-ins'),
  });
  const revoke = useMutation({
    mutationFn: (id: string) => send(`me/sign-ins/${id}/revoke`),
    onSuccess: async () => {
      toast(t('me-revoked'));
      await client.invalidateQueries({ queryKey: ['sign-ins'] });
    },
    onError: problem,
  });
  return (
    <section className="card">
      <header>
        <h2>{t('me-devices')}</h2>
      </header>
      <div className="in stack">
        {asked.isPending && <Loading />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        <ul className="plain">
          {asked.data?.rows.map((device) => (
            <li key={device.id}>
              <span className="grow">
                <b>{deviceName(device.device) || t('me-device-unknown')}</b>
                <small className="muted">
                  {t('me-seen', {
                    at: instant(device.last_seen_at),
                    since: instant(device.created_at),
                  })}
                </small>
              </span>
              {device.this ? (
                <Tag tone="ok">{t('me-this')}</Tag>
              ) : (
                <Button
                  onClick={() => revoke.mutate(device.id)}
                  busy={revoke.isPending && revoke.variables === device.id}
                >
                  {t('me-revoke')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Password() {
  const { t } = useWords();
  const [value, setValue] = useState('');
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (password: string) => send('me/password', { password }),
    onSuccess: async () => {
      setValue('');
      toast(t('me-password-changed'));
      await client.invalidateQueries({ queryKey: ['sign-ins'] });
    },
  });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(value);
  };
  return (
    <section className="card">
      <header>
        <h2>{t('me-password')}</h2>
      </header>
      <form className="in rowx" onSubmit={save} style={{ alignItems: 'flex-end' }}>
        <Labelled
          label={t('setup-password')}
          error={change.error instanceof Problem ? change.error.title : undefined}
          hint={t('me-password-hint')}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="password"
              autoComplete="new-password"
              minLength={8}
              maxLength={128}
              required
              value={value}
              onChange={(e) => setValue(e.target.value)}
            />
          )}
        </Labelled>
        <Button type="submit" busy={change.isPending}>
          {t('me-password-save')}
        </Button>
      </form>
    </section>
  );
}
