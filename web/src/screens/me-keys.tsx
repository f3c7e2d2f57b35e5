// One's API keys: made with what one may oneself, shown once, listed, revoked.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Problem, get, send } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { permissionOf } from '../lib/permission.ts';
import { useMe } from '../lib/session.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Labelled, Loading, Note, Tag } from '../ui/parts.tsx';
import { reason, toast, useToastProblem } from '../ui/toast.tsx';

type Key = {
  id: string;
  name: string;
  begins: string;
  permissions: string[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  good: boolean;
};
const KEYS = ['keys'] as const;
const DAYS = [30, 90, 365];

export function Keys() {
  const { t } = useWords();
  const client = useQueryClient();
  const problem = useToastProblem();
  const asked = useQuery({ queryKey: KEYS, queryFn: () => get<{ rows: Key[] }>('me/keys') });
  const [making, setMaking] = useState(false);
  const revoke = useMutation({
    mutationFn: (id: string) => send(`me/keys/${id}/revoke`),
    onSuccess: async () => {
      toast(t('key-revoked'));
      await client.invalidateQueries({ queryKey: KEYS });
    },
    onError: problem,
  });
  return (
    <section className="card">
      <header>
        <h2>{t('me-keys')}</h2>
        <span className="sp" />
        <Button onClick={() => setMaking(true)}>
          <KeyRound aria-hidden />
          {t('key-new')}
        </Button>
      </header>
      <div className="in stack">
        {asked.isPending && <Loading lines={2} />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {asked.data?.rows.length === 0 && <p className="muted">{t('key-none')}</p>}
        <ul className="plain">
          {asked.data?.rows.map((key) => (
            <li key={key.id}>
              <span className="grow">
                <b>{key.name}</b> <code>{key.begins}…</code>
                <small className="muted">
                  {t(key.last_used_at ? 'key-used' : 'key-unused', {
                    at: instant(key.last_used_at),
                    until: instant(key.expires_at),
                  })}
                </small>
                <small className="muted">{key.permissions.join('  ')}</small>
              </span>
              {key.good ? (
                <Button
                  onClick={() => revoke.mutate(key.id)}
                  busy={revoke.isPending && revoke.variables === key.id}
                  aria-label={`${t('key-revoke')}: ${key.name}`}
                >
                  {t('key-revoke')}
                </Button>
              ) : (
                <Tag tone="">{t(key.revoked_at ? 'key-is-revoked' : 'key-is-over')}</Tag>
              )}
            </li>
          ))}
        </ul>
      </div>
      {making && <NewKey close={() => setMaking(false)} />}
    </section>
  );
}

function NewKey({ close }: { close: () => void }) {
  const { t, words } = useWords();
  const me = useMe();
  const client = useQueryClient();
  const held = [...new Set(me.grants.map((g) => g.permission))];
  const [name, setName] = useState('');
  const [days, setDays] = useState(90);
  const [said, setSaid] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () =>
      send<Key & { token: string }>('me/keys', {
        name,
        permissions: [...chosen, ...said.split(/[\s,，]+/).filter(Boolean)],
        expires_at: new Date(Date.now() + days * 86_400_000).toISOString(),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
  const refused = make.error instanceof Problem ? make.error : undefined;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data) return <Shown token={make.data.token} close={close} />;
  return (
    <Dialog
      title={t('key-new')}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="key-form" busy={make.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="key-form" className="stack" onSubmit={save}>
        <Labelled
          label={t('key-name')}
          required
          error={refused?.field === 'name' ? refused.title : undefined}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              autoFocus
              maxLength={80}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={t('key-days')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={days}
              onChange={(e) => setDays(Number(e.target.value))}
            >
              {DAYS.map((n) => (
                <option key={n} value={n}>
                  {t('key-days-n', { n })}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <fieldset className="stack">
          <legend>{t('key-may')}</legend>
          {held.map((permission) => (
            <label key={permission} className="rowx">
              <input
                type="checkbox"
                checked={chosen.includes(permission)}
                onChange={(e) =>
                  setChosen((all) =>
                    e.target.checked
                      ? [...all, permission]
                      : all.filter((other) => other !== permission),
                  )
                }
              />
              <span title={permission}>{permissionOf(words, permission)}</span>
            </label>
          ))}
        </fieldset>
        <Labelled
          label={t('key-more')}
          hint={t('key-more-hint')}
          error={refused && refused.field !== 'name' ? refused.title : undefined}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={said}
              onChange={(e) => setSaid(e.target.value)}
            />
          )}
        </Labelled>
      </form>
    </Dialog>
  );
}

function Shown({ token, close }: { token: string; close: () => void }) {
  const { t } = useWords();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(token);
    toast(t('copied'));
  };
  return (
    <Dialog
      title={t('key-shown')}
      close={close}
      footer={
        <Button kind="primary" onClick={close}>
          {t('key-kept')}
        </Button>
      }
    >
      <div className="stack">
        <Note tone="warn">{t('key-once')}</Note>
        <Labelled label={t('key-secret')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              readOnly
              value={token}
              onFocus={(e) => e.target.select()}
            />
          )}
        </Labelled>
        <div className="rowx">
          <Button onClick={() => void copy()}>
            <Copy aria-hidden />
            {t('copy')}
          </Button>
          <code>Authorization: Bearer …</code>
        </div>
      </div>
    </Dialog>
  );
}
