// What an auditor asks: where duties met, who may do what and why, who signed in, whose keys.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { dashed, useWords } from '../lib/i18n.tsx';
import { permissionOf } from '../lib/permission.ts';
import { Ref } from '../meta/show.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Empty, Labelled, Loading, Note, Tag } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason } from '../ui/toast.tsx';

type Held = {
  rule: string;
  effect: string;
  user: string;
  login: string;
  first: string;
  second: string;
};
type Done = { rule: string; effect: string; user: string; entity: string; id: string; second_at: string };
type Right = { permission: string; reach: string; role: string; role_code: string; login: string };
type Key = { id: string; user: string; name: string; begins: string; last_used_at: string | null };
type Stand = { id: string; from_user: string; to_user: string; good: boolean; until_at: string };
type Seen = { id: string; login: string; device: string; created_at: string; last_seen_at: string };

export function AuditScreen() {
  const { t, words } = useWords();
  const [user, setUser] = useState('');
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-audit')}</h1>
        <span className="sub">{t('audit-sub')}</span>
        <span className="sp" />
        <Link className="btn" to="/$collection" params={{ collection: 'duty_rules' }}>
          {words.entities('duty_rule')}
        </Link>
        <Link className="btn" to="/$collection" params={{ collection: 'delegations' }}>
          {words.entities('delegation')}
        </Link>
        <Link className="btn" to="/trail">
          {t('nav-trail')}
        </Link>
      </div>
      <Violations />
      <div className="fields">
        <Labelled label={words.entity('user')}>
          {(ids) => <Picker {...ids} entity="user" value={user} onPick={setUser} />}
        </Labelled>
      </div>
      <Rights user={user} />
      <SignIns user={user} />
    </div>
  );
}

function Violations() {
  const { t, words } = useWords();
  const asked = useQuery({
    queryKey: ['audit', 'violations'],
    queryFn: () => get<{ held: Held[]; done: Done[] }>('audit/violations'),
  });
  const effect = (value: string) => (
    <Tag tone={value === 'refuse' ? 'bad' : 'warn'}>
      {words.option('duty_rule', 'effect', value)}
    </Tag>
  );
  // A rule of one's own has the name that its owner gave it.
  const ruleOf = (code: string) => words.find(`duty-${dashed(code)}`) ?? <code>{code}</code>;
  const none = asked.data && asked.data.held.length + asked.data.done.length === 0;
  return (
    <section className="card">
      <header>
        <h2>{t('audit-duties')}</h2>
      </header>
      <div className="in scroll" role="region" aria-label={t('audit-duties')} tabIndex={0}>
        {asked.isPending && <Loading />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {none && <Empty title={t('audit-none')} text={t('audit-none-text')} />}
        <CardTable>
          <tbody>
            {asked.data?.held.map((h) => (
              <tr key={`${h.rule}${h.user}`}>
                <td>{effect(h.effect)}</td>
                <td>
                  <Ref entity="user" id={h.user} />
                </td>
                <td>
                  {t('audit-holds', {
                    first: permissionOf(words, h.first),
                    second: permissionOf(words, h.second),
                  })}
                </td>
                <td>{ruleOf(h.rule)}</td>
              </tr>
            ))}
            {asked.data?.done.map((d) => (
              <tr key={`${d.rule}${d.id}${d.second_at}`}>
                <td>{effect(d.effect)}</td>
                <td>
                  <Ref entity="user" id={d.user} />
                </td>
                <td>
                  {words.entity(d.entity)} <Ref entity={d.entity} id={d.id} />{' '}
                  {instant(d.second_at)}
                </td>
                <td>{ruleOf(d.rule)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

function Rights({ user }: { user: string }) {
  const { t, words } = useWords();
  const asked = useQuery({
    queryKey: ['audit', 'rights', user],
    enabled: user !== '',
    queryFn: () =>
      get<{ rows: Right[]; keys: Key[]; delegations: Stand[] }>('audit/rights', { user }),
  });
  if (!user) return <p className="muted">{t('audit-choose')}</p>;
  return (
    <section className="card">
      <header>
        <h2>{t('audit-rights')}</h2>
      </header>
      <div className="in scroll" role="region" aria-label={t('audit-rights')} tabIndex={0}>
        {asked.isPending && <Loading />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        <CardTable>
          <tbody>
            {asked.data?.rows.map((r) => (
              <tr key={`${r.role}${r.permission}`}>
                <td>
                  {permissionOf(words, r.permission)}
                </td>
                <td>{words.option('role_grant', 'reach', r.reach)}</td>
                <td>
                  {words.entity('role')}: {r.role_code}
                </td>
              </tr>
            ))}
            {asked.data?.delegations.map((d) => (
              <tr key={d.id}>
                <td>{words.entity('delegation')}</td>
                <td>
                  <Ref entity="user" id={d.from_user} />
                </td>
                <td>{instant(d.until_at)}</td>
              </tr>
            ))}
            {asked.data?.keys.map((k) => (
              <tr key={k.id}>
                <td>
                  {t('audit-key')} {k.name}
                </td>
                <td>
                  <code>{k.begins}…</code>
                </td>
                <td>{instant(k.last_used_at)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

function SignIns({ user }: { user: string }) {
  const { t } = useWords();
  const asked = useQuery({
    queryKey: ['audit', 'sign-ins', user],
    queryFn: () => get<{ rows: Seen[] }>('audit/sign-ins', { user: user || undefined }),
  });
  return (
    <section className="card">
      <header>
        <h2>{t('audit-sign-ins')}</h2>
      </header>
      <div className="in scroll" role="region" aria-label={t('audit-sign-ins')} tabIndex={0}>
        {asked.isPending && <Loading />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        <CardTable>
          <tbody>
            {asked.data?.rows.map((s) => (
              <tr key={s.id}>
                <td>{s.login}</td>
                <td>{instant(s.created_at)}</td>
                <td>{t('audit-seen', { at: instant(s.last_seen_at) })}</td>
                <td className="muted">{s.device.slice(0, 60)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}
