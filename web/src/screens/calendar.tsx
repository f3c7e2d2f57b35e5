// A list's rows by a day of theirs, a month at a time; the same filters as the table and the board.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type Row, list } from '../api/client.ts';
import { daysBetween, isoDay, month as monthName, plusDays } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMe } from '../lib/session.tsx';
import { useListSearch } from '../meta/list-screen.tsx';
import { type Entity, type Field, isForPeople } from '../meta/meta.ts';
import { Button, Loading, Note, toneOf } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';

/** The day that people ask of each first. */
const FIRST: Record<string, string> = {
  order: 'promised_now',
  opportunity: 'close_expected',
  lead: 'assigned_at',
};
/** Rows of a month that are shown, as the program gives them; and of a day. */
const MOST = 200;
const OF_A_DAY = 4;

export function Calendar({ entity }: { entity: Entity }) {
  const { t, words, lang } = useWords();
  const { today } = useMe();
  const [search, set] = useListSearch();
  const possible = entity.fields.filter(
    (f) => (f.type === 'day' || f.type === 'instant') && isForPeople(f),
  );
  const field =
    possible.find((f) => f.name === (search.day ?? FIRST[entity.name])) ?? possible[0];
  const period = /^\d{4}-\d{2}$/.test(search.month ?? '')
    ? (search.month ?? '')
    : today.slice(0, 7);
  const weeks = weeksOf(period);
  const [from = today, until = today] = [weeks[0]?.[0], weeks.at(-1)?.[6]];
  const asked = useQuery({
    queryKey: ['list', entity.collection, 'calendar', field?.name, from, search],
    enabled: field !== undefined,
    queryFn: ({ signal }) =>
      list(
        entity.collection,
        {
          q: search.q,
          filter: [...(search.filter ?? []), ...(field ? between(field, from, until) : [])],
          where: search.where,
          sort: field?.name,
          fields: [entity.title, field?.name, ...beside(entity)].join(),
          limit: MOST,
        },
        signal,
      ),
  });
  if (!field) return <Note>{t('cal-no-day')}</Note>;
  const rows = asked.data?.rows ?? [];
  const of = (day: string): Row[] => rows.filter((row) => dayOf(field, row) === day);
  const go = (by: number): void => set({ month: shifted(period, by) });
  return (
    <div className="card cal grow">
      <header className="rowx">
        <Button kind="ghost icon" aria-label={t('cal-before')} onClick={() => go(-1)}>
          <ChevronLeft aria-hidden />
        </Button>
        <h2 aria-live="polite">{monthName(lang, period)}</h2>
        <Button kind="ghost icon" aria-label={t('cal-after')} onClick={() => go(1)}>
          <ChevronRight aria-hidden />
        </Button>
        <Button onClick={() => set({ month: undefined })}>{t('cal-today')}</Button>
        <span className="sp" />
        <select
          className="select"
          aria-label={t('cal-by')}
          value={field.name}
          onChange={(e) => set({ day: e.target.value })}
        >
          {possible.map((one) => (
            <option key={one.name} value={one.name}>
              {words.field(entity.name, one.name)}
            </option>
          ))}
        </select>
      </header>
      {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
      {asked.isPending && <Loading lines={6} />}
      {asked.data?.next && <Note tone="warn">{t('cal-more', { most: String(MOST) })}</Note>}
      <div className="scroll" tabIndex={0} role="region" aria-label={monthName(lang, period)}>
        <table>
          <thead>
            <tr>
              {(weeks[0] ?? []).map((day) => (
                <th key={day}>{weekday(lang, day)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((day) => (
                  <Day
                    key={day}
                    entity={entity}
                    field={field}
                    day={day}
                    rows={of(day)}
                    dim={!day.startsWith(period)}
                    now={day === today}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Day(props: {
  entity: Entity;
  field: Field;
  day: string;
  rows: Row[];
  dim: boolean;
  now: boolean;
}) {
  const { t, lang } = useWords();
  const [search] = useListSearch();
  const { entity, field, day, rows } = props;
  const rest = rows.length - OF_A_DAY;
  const all = { ...search, view: undefined, month: undefined, day: undefined };
  return (
    <td
      data-dim={props.dim || undefined}
      data-now={props.now || undefined}
      data-empty={rows.length === 0 || undefined}
    >
      <span className="nr">
        {Number(day.slice(8))} <small>{weekday(lang, day)}</small>
      </span>
      <ul>
        {rows.slice(0, OF_A_DAY).map((row) => (
          <li key={row.id}>
            <Link
              className={`tag ${toneOf(String(row['state'] ?? ''))}`}
              to="/$collection/$id"
              params={{ collection: entity.collection, id: row.id }}
            >
              <span>{named(entity, row) || t('no-number')}</span>
            </Link>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Link
          className="text"
          to="/$collection"
          params={{ collection: entity.collection }}
          search={{ ...all, filter: [...(all.filter ?? []), ...between(field, day, day)] } as never}
        >
          {t('cal-rest', { count: String(rest) })}
        </Link>
      )}
    </td>
  );
}

/** What a row is called besides its number. */
const beside = (entity: Entity): string[] =>
  ['company_name', 'name', 'state'].filter(
    (name) => name !== entity.title && entity.fields.some((f) => f.name === name),
  );
const named = (entity: Entity, row: Row): string =>
  String(row['company_name'] || row['name'] || row[entity.title] || '');

const dayOf = (field: Field, row: Row): string => {
  const value = String(row[field.name] ?? '');
  return field.type === 'instant' && value ? isoDay(new Date(value)) : value;
};

/** Conditions that hold from one day to another, both included; moments in the reader's zone. */
function between(field: Field, from: string, until: string): string[] {
  if (field.type === 'day') return [`${field.name}:ge:${from}`, `${field.name}:le:${until}`];
  const at = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
  return [`${field.name}:ge:${at(from)}`, `${field.name}:lt:${at(plusDays(until, 1))}`];
}

/** Whole weeks from Monday on in which a month lies. */
function weeksOf(period: string): string[][] {
  const first = `${period}-01`;
  const monday = plusDays(first, -((new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7));
  const count = Math.ceil(daysBetween(monday, `${shifted(period, 1)}-01`) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_day, at) => plusDays(monday, week * 7 + at)),
  );
}

function shifted(period: string, by: number): string {
  const [year = 0, nth = 1] = period.split('-').map(Number);
  return isoDay(new Date(year, nth - 1 + by, 1)).slice(0, 7);
}

const weekday = (lang: string, day: string): string =>
  new Intl.DateTimeFormat(lang, { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
