// The company as it is: what stands on its paper, how it taxes and grants credit, what is fixed.
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { useMay, useMe } from '../lib/session.tsx';
import { useRow } from '../meta/detail-screen.tsx';
import { EditForm } from '../meta/entity-form.tsx';
import { fieldOf, useEntity } from '../meta/meta.ts';
import { Value } from '../meta/show.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Button } from '../ui/parts.tsx';
import { places } from '../ui/nav.ts';
import { usePlaceName } from '../ui/shell.tsx';

const PARTS: Record<string, string[]> = {
  paper: ['name', 'tax_id', 'address', 'phone', 'bank', 'bank_account'],
  tax: ['taxpayer', 'prices_incl_tax', 'default_tax_code', 'credit_control', 'credit_alpha'],
  fixed: ['code', 'currency', 'chart', 'costing', 'recognition', 'start_period', 'zone'],
};
/** Where the rest of a company is set. */
const MORE = ['/users', '/rights', '/own-fields', '/periods', '/price_lists', '/warehouses'];

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
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-settings')}</h1>
        <span className="sub">{String(row['name'])}</span>
        <span className="sp" />
        {entity.writes && !editing && (
          <Button kind="primary" onClick={() => setEditing(true)}>
            <Pencil aria-hidden />
            {t('edit')}
          </Button>
        )}
      </div>
      {editing ? (
        <EditForm entity={entity} row={row} close={() => setEditing(false)} />
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
