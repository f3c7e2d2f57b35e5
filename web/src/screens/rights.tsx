// Who may do what: roles at the left, every permission of the program as a matrix at the right.
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { type Row, get, list, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { permissionOf, verbOf } from '../lib/permission.ts';
import { covers } from '../lib/rights.ts';
import { useMay } from '../lib/session.tsx';
import { useIndex } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { Failed } from '../ui/frames.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Labelled, Loading } from '../ui/parts.tsx';
import { reason, useToastProblem } from '../ui/toast.tsx';
import { type FieldRule, FieldsOf, type Reach, ReachOf } from './rights-bounds.tsx';

type Grant = { id: string; permission: string; reach: string };
const REACHES = ['', 'own', 'department', 'all'];
/** Values that are kept from whoever lacks their permission, and what the auditor sees. */
const SECRETS = ['contact', 'bank', 'cost', 'credit', 'audit'].map((of) => `access.${of}.read`);

export function Rights() {
  const { t, words } = useWords();
  const may = useMay();
  const asked = useQuery({
    queryKey: ['roles'],
    queryFn: () => list('roles', { limit: 200, sort: 'id' }),
  });
  const [chosen, setChosen] = useState('');
  const [making, setMaking] = useState(false);
  const roles = asked.data?.rows ?? [];
  const role = roles.find((r) => r.id === chosen) ?? roles[1] ?? roles[0];
  const name = (row: Row): string =>
    String(
      row['name'] || words.find(`role-${String(row['code']).replaceAll('_', '-')}`) || row['code'],
    );
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-rights')}</h1>
        <span className="sub">{t('rights-sub')}</span>
        <span className="sp" />
        {may('access.role.create') && (
          <Button onClick={() => setMaking(true)}>
            {t('new-of', { what: words.entity('role') })}
          </Button>
        )}
      </div>
      {asked.isPending && <Loading />}
      {asked.error && <Failed error={asked.error} again={asked.refetch} />}
      {role && (
        <div className="rights">
          <label className="field only-narrow-block">
            <span className="lab">{words.entity('role')}</span>
            <select
              className="select"
              value={role.id}
              onChange={(e) => setChosen(e.target.value)}
            >
              {roles.map((row) => (
                <option key={row.id} value={row.id}>
                  {name(row)}
                </option>
              ))}
            </select>
          </label>
          <div className="card only-wide">
            <ul className="in choose" role="listbox" aria-label={words.entities('role')}>
              {roles.map((row) => (
                <li
                  key={row.id}
                  role="option"
                  aria-selected={row.id === role.id}
                  tabIndex={0}
                  onClick={() => setChosen(row.id)}
                  onKeyDown={(e) => (e.key === 'Enter' || e.key === ' ') && setChosen(row.id)}
                >
                  <ShieldCheck size={16} aria-hidden />
                  <span className="grow">
                    <b>{name(row)}</b>
                    <small className="muted">{String(row['code'])}</small>
                  </span>
                </li>
              ))}
            </ul>
          </div>
          <Matrix key={role.id} role={role} name={name(role)} />
        </div>
      )}
      {making && <NewRole close={() => setMaking(false)} made={setChosen} />}
    </div>
  );
}

function Matrix({ role, name }: { role: Row; name: string }) {
  const { t, words } = useWords();
  const may = useMay();
  const entities = useIndex();
  const asked = useQuery({
    queryKey: ['role', role.id],
    queryFn: () =>
      get<Row & { role_grants: Grant[]; role_reaches: Reach[]; role_fields: FieldRule[] }>(
        `roles/${role.id}`,
        { lines: 'yes' },
      ),
  });
  const refresh = useRefresh();
  const problem = useToastProblem();
  const [busy, setBusy] = useState('');
  const grants = asked.data?.role_grants ?? [];
  const change = async (permission: string, reach: string): Promise<void> => {
    setBusy(permission);
    try {
      if (reach) await send(`roles/${role.id}/grant`, { permission, reach });
      else await send(`roles/${role.id}/withdraw_grant`, { permission });
      await refresh();
    } catch (error) {
      problem(error);
    } finally {
      setBusy('');
    }
  };
  const named = (entity: string, permission: string): string => {
    const verb = permission.split('.')[2] ?? '';
    if (!entity) return t(`right-${permission.split('.')[1]}`);
    return verbOf(words, entity, verb);
  };
  const patterns = grants.filter((g) => g.permission.includes('*'));
  const shown = [{ name: '', permissions: SECRETS }, ...entities];
  return (
    <section className="card">
      <header>
        <h2>{name}</h2>
        {patterns.map((p) => (
          <span key={p.id} className="tag acc" title={p.permission}>
            {permissionOf(words, p.permission)} · {words.option('role_grant', 'reach', p.reach)}
          </span>
        ))}
      </header>
      <div className="in scroll" role="region" aria-label={name} tabIndex={0}>
        {asked.isPending && <Loading lines={8} />}
        <table className="lines matrix">
          <tbody>
            {shown.map((entity) => (
              <tr key={entity.name}>
                <th scope="row">
                  {entity.name ? words.entities(entity.name) : t('right-secrets')}
                </th>
                <td>
                  {entity.name !== '' && String(role['code']) !== 'admin' && (
                    <>
                      <ReachOf
                        role={role}
                        entity={entity.name}
                        reaches={asked.data?.role_reaches ?? []}
                        may={may('access.role.grant')}
                      />
                      <FieldsOf
                        role={role}
                        entity={entity.name}
                        rules={asked.data?.role_fields ?? []}
                        may={may('access.role.grant')}
                      />
                    </>
                  )}
                  {entity.permissions.map((permission) => {
                    const own = grants.find((g) => g.permission === permission);
                    const by = patterns.find((g) => covers(g.permission, permission));
                    const label = named(entity.name, permission);
                    return (
                      <label
                        key={permission}
                        className={own || by ? 'right on' : 'right'}
                        title={permission}
                      >
                        <span>{label}</span>
                        <select
                          aria-label={`${entity.name && words.entity(entity.name)} ${label}`}
                          value={own?.reach ?? ''}
                          disabled={!may('access.role.grant') || busy !== ''}
                          onChange={(e) => void change(permission, e.target.value)}
                        >
                          {REACHES.map((reach) => (
                            <option key={reach} value={reach}>
                              {reach
                                ? words.option('role_grant', 'reach', reach)
                                : by
                                  ? t('right-by-pattern', {
                                      reach: words.option('role_grant', 'reach', by.reach),
                                    })
                                  : '–'}
                            </option>
                          ))}
                        </select>
                      </label>
                    );
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function NewRole({ close, made }: { close: () => void; made: (id: string) => void }) {
  const { t, words } = useWords();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [refused, setRefused] = useState<unknown>(null);
  const refresh = useRefresh();
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const role = await send('roles', { code, name });
      made(role.id);
      close();
      await refresh();
    } catch (error) {
      setRefused(error);
    }
  };
  return (
    <Dialog
      title={t('new-of', { what: words.entity('role') })}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="role-form">
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="role-form" className="stack" onSubmit={(event) => void save(event)}>
        <Labelled
          label={words.field('role', 'code')}
          required
          error={refused === null ? undefined : reason(refused, t)}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              autoFocus
              pattern="[a-z0-9_]+"
              value={code}
              onChange={(e) => setCode(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={words.field('role', 'name')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
      </form>
    </Dialog>
  );
}
