// The company as it is: what stands on its paper, how it taxes and grants credit, what is fixed.
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Row, Problem, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay, useMe } from '../lib/session.tsx';
import { useRow } from '../meta/row.tsx';
import { FieldInput, type Values } from '../meta/inputs.tsx';
import { type Verb, fieldOf, useEntity } from '../meta/meta.ts';
import { Value } from '../meta/show.tsx';
import { useRefresh } from '../meta/verbs.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { places } from '../ui/nav.ts';
import { usePlaceName } from '../ui/shell.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { MailWay } from './mail.tsx';

const PARTS: Record<string, string[]> = {
  paper: ['name', 'tax_id', 'address', 'phone', 'bank', 'bank_account'],
  tax: ['prices_incl_tax'],
  refunds: ['refund_threshold'],
  fixed: [
    'code',
    'currency',
    'chart',
    'taxpayer',
    'default_tax_code',
    'costing',
    'recognition',
    'credit_control',
    'start_period',
    'zone',
  ],
};
/** Where the rest of a company is set. */
const MORE = [
  '/users',
  '/rights',
  '/own-fields',
  '/periods',
  '/price_lists',
  '/exchange_rates',
  '/warehouses',
];

export function SettingsScreen() {
  const { t, words } = useWords();
  const me = useMe();
  const may = useMay();
  const nameOf = usePlaceName();
  const entity = useEntity('company');
  const asked = useRow(entity.collection, me.company.id);
  const [editing, setEditing] = useState(false);
  if (asked.error) return <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />;
  if (!asked.data) return <ScreenWaits />;
  const row = asked.data;
  const change = entity.verbs.find((verb) => verb.name === 'change' && verb.may);
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-settings')}</h1>
        <span className="sub">{String(row['name'])}</span>
        <span className="sp" />
        {change && !editing && (
          <Button kind="primary" onClick={() => setEditing(true)}>
            <Pencil aria-hidden />
            {t('edit')}
          </Button>
        )}
      </div>
      {editing && change ? (
        <Form verb={change} row={row} close={() => setEditing(false)} />
      ) : (
        Object.entries(PARTS).map(([part, names]) => (
          <section key={part} className="card">
            <header>
              <h2>{t(`settings-${part}`)}</h2>
            </header>
            <div className="in stack">
              <dl className="facts">
                {names.map((name) => {
                  const field = fieldOf(entity.fields, name);
                  if (!field) return null;
                  return (
                    <div key={name}>
                      <dt>{words.field('company', name)}</dt>
                      <dd>{row[name] ? <Value owner="company" field={field} row={row} /> : '–'}</dd>
                    </div>
                  );
                })}
              </dl>
              <p className="muted">{t(`settings-${part}-hint`)}</p>
            </div>
          </section>
        ))
      )}
      {may('access.company.change') && <MailWay />}
      <section className="card">
        <header>
          <h2>{t('settings-more')}</h2>
        </header>
        <div className="in rowx">
          {places()
            .filter((place) => MORE.includes(place.to) && (!place.needs || may(place.needs)))
            .map((place) => (
              <Link key={place.to} className="btn" to={place.to}>
                <place.icon aria-hidden />
                {nameOf(place)}
              </Link>
            ))}
        </div>
      </section>
    </div>
  );
}

/** Everything that may be said anew at once; an empty field is said to be empty. */
function Form({ verb, row, close }: { verb: Verb; row: Row; close: () => void }) {
  const { t } = useWords();
  const refresh = useRefresh();
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(verb.takes.map((f) => [f.name, row[f.name] ?? ''])),
  );
  const [refused, setRefused] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await send(`companies/${row.id}/change`, values, { version: row.version });
      toast(t('saved'));
      close();
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
    await refresh();
  };
  return (
    <form className="card" onSubmit={(event) => void save(event)}>
      <div className="in stack">
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        <div className="fields">
          {verb.takes.map((field, at) => (
            <FieldInput
              key={field.name}
              owner="company"
              field={field}
              autoFocus={at === 0}
              value={values[field.name]}
              error={
                refused instanceof Problem && refused.field === field.name
                  ? refused.title
                  : undefined
              }
              set={(value) => setValues((now) => ({ ...now, [field.name]: value }))}
            />
          ))}
        </div>
        <div className="rowx">
          <Button kind="primary" type="submit" busy={busy}>
            {t('save')}
          </Button>
          <Button onClick={close}>{t('back')}</Button>
        </div>
      </div>
    </form>
  );
}
