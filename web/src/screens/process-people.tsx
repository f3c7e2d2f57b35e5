// The organisation as the work shows it: departments and what goes between them, people and how much
// each has, and what hangs on few.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Failed } from '../ui/frames.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Loading } from '../ui/parts.tsx';
import { lasting, useActivity, type Part } from './process-data.ts';

type Person = {
  name: string;
  department: string;
  roles: string[];
  program: boolean;
  events: number;
  cases: number;
  activities: number;
  worked: number;
};
type Given = { from: string; to: string; count: number };
type Carrier = {
  activity: string;
  events: number;
  people: number;
  bus_factor: number;
  first: string;
  first_events: number;
};
type Organisation = {
  cases: number;
  events: number;
  people: Person[];
  departments: { name: string; events: number; people: number }[];
  between: Given[];
  hand_overs: Given[];
  handed: number;
  carriers: Carrier[];
  ping_pong_people: number;
  ping_pong_departments: number;
};

export default function PeopleView({ part }: { part: Part }) {
  const { t, lang } = useWords();
  const asked = useQuery({
    queryKey: ['process', 'people', part],
    queryFn: () => get<Organisation>('process/people', part),
  });
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  const all = asked.data;
  if (!all) return <Loading lines={10} />;
  const each = (n: number): string =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(n / Math.max(all.cases, 1));
  return (
    <div className="stack">
      <p className="muted">
        {t('people-sub', {
          people: all.people.filter((p) => !p.program).length,
          handed: each(all.handed),
          person: count(lang, all.ping_pong_people),
          department: count(lang, all.ping_pong_departments),
        })}
      </p>
      {all.departments.length > 1 && <Between all={all} />}
      <div className="panes">
        <People all={all} />
        <Carriers all={all} isForeign={part.log !== undefined} />
      </div>
      <HandOvers all={all} />
    </div>
  );
}

/** From each department to each, the darker the more often. */
function Between({ all }: { all: Organisation }) {
  const { t, lang } = useWords();
  const names = all.departments.map((d) => d.name);
  const of = new Map(all.between.map((b) => [`${b.from}>${b.to}`, b.count]));
  const most = Math.max(...all.between.filter((b) => b.from !== b.to).map((b) => b.count), 1);
  const title = t('people-between');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{t('people-between-sub')}</span>
      </header>
      <div className="in scroll" role="region" aria-label={title} tabIndex={0}>
        <table className="lines heat">
          <thead>
            <tr>
              <th>{t('people-from-to')}</th>
              {names.map((to) => (
                <th key={to} className="num">
                  {to || t('people-none')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((from) => (
              <tr key={from}>
                <th scope="row">{from || t('people-none')}</th>
                {names.map((to) => {
                  const n = of.get(`${from}>${to}`) ?? 0;
                  const heat = from === to ? 0 : Math.sqrt(n / most);
                  return (
                    <td
                      key={to}
                      className={from === to ? 'num muted' : 'num'}
                      style={{ ['--heat' as never]: `${Math.round(heat * 38)}%` }}
                    >
                      {n > 0 ? count(lang, n) : ''}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function People({ all }: { all: Organisation }) {
  const { t, lang, words } = useWords();
  const most = Math.max(...all.people.map((p) => p.events), 1);
  const title = t('people-work');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
      </header>
      <div className="in scroll tall" role="region" aria-label={title} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{t('people-who')}</th>
              <th>{t('people-department')}</th>
              <th className="num">{t('people-events')}</th>
              <th className="num">{t('people-cases')}</th>
              <th className="num">{t('people-kinds')}</th>
              <th className="num">{t('people-worked')}</th>
            </tr>
          </thead>
          <tbody>
            {all.people.map((p) => (
              <tr key={`${p.name}${p.department}`}>
                <td>
                  {p.program ? t('people-program') : p.name}
                  {p.roles.map((role) => (
                    <span key={role} className="tag">
                      {words.find(`role-${role.replaceAll('_', '-')}`) ?? role}
                    </span>
                  ))}
                  <span className="load" aria-hidden>
                    <span style={{ width: `${(p.events * 100) / most}%` }} />
                  </span>
                </td>
                <td className="muted">{p.department}</td>
                <td className="num">{count(lang, p.events)}</td>
                <td className="num">{count(lang, p.cases)}</td>
                <td className="num">{count(lang, p.activities)}</td>
                <td className="num">{p.worked > 0 ? lasting(lang, p.worked) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

/** Which work stands still when one or two people are away. */
function Carriers({ all, isForeign }: { all: Organisation; isForeign: boolean }) {
  const { t, lang } = useWords();
  const name = useActivity(isForeign);
  const title = t('people-bus');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{t('people-bus-sub')}</span>
      </header>
      <div className="in scroll tall" role="region" aria-label={title} tabIndex={0}>
        <CardTable>
          <thead>
            <tr>
              <th>{t('people-activity')}</th>
              <th className="num">{t('people-bus')}</th>
              <th className="num">{t('people-people')}</th>
              <th>{t('people-most')}</th>
            </tr>
          </thead>
          <tbody>
            {all.carriers.map((c) => (
              <tr key={c.activity}>
                <td>{name(c.activity)}</td>
                <td className="num">
                  <span className={`tag ${c.bus_factor === 1 ? 'bad' : c.bus_factor === 2 ? 'warn' : ''}`}>
                    {c.bus_factor}
                  </span>
                </td>
                <td className="num">{c.people}</td>
                <td>
                  {c.first} <span className="muted">{count(lang, c.first_events)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}

function HandOvers({ all }: { all: Organisation }) {
  const { t, lang } = useWords();
  const title = t('people-hands');
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        <span className="muted">{t('people-hands-sub', { count: count(lang, all.handed) })}</span>
      </header>
      <div className="in scroll tall" role="region" aria-label={title} tabIndex={0}>
        <CardTable>
          <tbody>
            {all.hand_overs.map((h) => (
              <tr key={`${h.from}>${h.to}`}>
                <td>
                  {h.from} → {h.to}
                </td>
                <td className="num">{count(lang, h.count)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}
