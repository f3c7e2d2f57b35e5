// Above a user: their roles, given and taken here, and a link that lets them in.
import { useQuery } from '@tanstack/react-query';
import { KeyRound, X } from 'lucide-react';
import { useState } from 'react';
import { type Row, list, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import type { Entity } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button } from '../ui/parts.tsx';
import { toast, useToastProblem } from '../ui/toast.tsx';

export function UserTop({ row }: { entity: Entity; row: Row }) {
  const { t, words } = useWords();
  const may = useMay();
  const roles = useQuery({
    queryKey: ['roles'],
    enabled: may('access.role.read'),
    queryFn: () => list('roles', { limit: 200, sort: 'id' }),
  });
  const refresh = useRefresh();
  const problem = useToastProblem();
  const [link, setLink] = useState('');
  const [busy, setBusy] = useState('');
  const given = ((row['user_roles'] as Row[] | undefined) ?? []).map((r) => String(r['role']));
  const all = roles.data?.rows ?? [];
  const change = may('access.user.assign_role');
  const name = (role: Row): string =>
    String(
      role['name'] ||
        words.find(`role-${String(role['code']).replaceAll('_', '-')}`) ||
        role['code'],
    );
  const run = async (verb: string, role: string): Promise<void> => {
    setBusy(role);
    try {
      await send(`users/${row.id}/${verb}`, { role });
    } catch (error) {
      problem(error);
    } finally {
      setBusy('');
      await refresh();
    }
  };
  const issue = async (): Promise<void> => {
    try {
      const answer = await send<{ path: string }>(`users/${row.id}/link`);
      setLink(location.origin + answer.path);
    } catch (error) {
      problem(error);
    }
  };
  const free = all.filter((r) => !given.includes(r.id));
  return (
    <section className="card">
      <header>
        <h2>{words.entities('role')}</h2>
        <span className="sp" />
        {may('access.user.issue_link') && !row['disabled_at'] && (
          <Button onClick={() => void issue()}>
            <KeyRound aria-hidden />
            {t('user-link')}
          </Button>
        )}
      </header>
      <div className="in rowx">
        {all
          .filter((r) => given.includes(r.id))
          .map((role) => (
            <button
              key={role.id}
              type="button"
              className="chip"
              aria-pressed="true"
              disabled={!change || busy !== ''}
              aria-label={t('user-role-take', { role: name(role) })}
              onClick={() => void run('withdraw_role', role.id)}
            >
              {name(role)}
              {change && <X aria-hidden />}
            </button>
          ))}
        {given.length === 0 && <span className="muted">{t('user-no-role')}</span>}
        {change && free.length > 0 && (
          <select
            className="select"
            style={{ width: 180 }}
            aria-label={words.verb('user', 'assign_role')}
            value=""
            disabled={busy !== ''}
            onChange={(e) => e.target.value && void run('assign_role', e.target.value)}
          >
            <option value="">{words.verb('user', 'assign_role')}</option>
            {free.map((role) => (
              <option key={role.id} value={role.id}>
                {name(role)}
              </option>
            ))}
          </select>
        )}
      </div>
      {link && <LinkDialog link={link} name={String(row['name'])} close={() => setLink('')} />}
    </section>
  );
}

function LinkDialog({ link, name, close }: { link: string; name: string; close: () => void }) {
  const { t } = useWords();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link);
    toast(t('copied'));
  };
  return (
    <Dialog
      title={t('user-link-title', { name })}
      text={t('user-link-text')}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('close')}</Button>
          {/* A page over plain HTTP may not touch the clipboard; the text can be selected there. */}
          {'clipboard' in navigator && (
            <Button kind="primary" onClick={() => void copy()}>
              {t('copy')}
            </Button>
          )}
        </>
      }
    >
      <input
        className="input"
        readOnly
        value={link}
        aria-label={t('user-link')}
        onFocus={(e) => e.currentTarget.select()}
      />
    </Dialog>
  );
}
