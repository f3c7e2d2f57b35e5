// Shows a value by the type of its field, never by whose it is.
import { Link } from '@tanstack/react-router';
import { Check, Minus } from 'lucide-react';
import { Suspense, lazy } from 'react';
import type { Row } from '../api/client.ts';
import { daysBetween, instant } from '../lib/day.ts';
import { type Words, learning, useWords } from '../lib/i18n.tsx';
import { amount, count, isZero, quantity, sign } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { Avatar, Tag, toneOf } from '../ui/parts.tsx';
import { Looked } from './looks.tsx';
import { type Field, useIndexQuery } from './meta.ts';
import { useTitle } from './titles.ts';

/** Is it shown at the right, as figures are? */
export const isFigure = (field: Field): boolean =>
  ['int', 'money', 'qty', 'price', 'rate'].includes(field.type);

const PROGRESS = ['none', 'partial', 'full'];
/** A field that says how far something has come. */
export const isProgress = (field: Field): boolean => field.options?.join() === PROGRESS.join();

/** Has the row nothing worth showing there? */
export function isNothing(field: Field, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (['money', 'qty', 'price', 'rate', 'int'].includes(field.type)) return isZero(value);
  return field.type === 'flag' && value === false;
}

export const entityOf = (field: Field, row: Row): string | undefined =>
  field.ref ?? (field.ref_field ? String(row[field.ref_field] ?? '') : undefined);

/** The row that an id names, by its title, with a way to it. */
export function Ref({
  entity,
  id,
  plain = false,
}: {
  entity: string | undefined;
  id: unknown;
  plain?: boolean;
}) {
  const { t, words } = useWords();
  const index = useIndexQuery();
  const known = index?.find((e) => e.name === entity);
  const called = useTitle(known?.name, typeof id === 'string' ? id : undefined);
  const title = called && entity === 'role' ? roleName(words, called) : called;
  if (!id) return null;
  if (!index) return <span>…</span>;
  if (!known) return <span className="muted">{t('ref-unknown')}</span>;
  const text = title === undefined ? '…' : title || t('ref-open');
  if (plain) return <span>{text}</span>;
  return (
    <Link
      className="text"
      to="/$collection/$id"
      params={{ collection: known.collection, id: String(id) }}
    >
      {text}
    </Link>
  );
}

/** A colleague: the name with its mark. */
function Person({ id, plain }: { id: unknown; plain: boolean }) {
  const name = useTitle('user', typeof id === 'string' ? id : undefined);
  return (
    <span className="person">
      {name && <Avatar name={name} />}
      <Ref entity="user" id={id} plain={plain} />
    </span>
  );
}

/** A day, marked where it has passed and something still waits for it. */
function DayText({ value, due }: { value: string; due: boolean }) {
  const { t } = useWords();
  const { today } = useMe();
  const late = due ? daysBetween(value, today) : 0;
  if (late <= 0) return <span className="nowrap">{value}</span>;
  return (
    <span className="nowrap late" title={t('late-days', { days: late })}>
      {value}
      <span className="sr"> {t('late-days', { days: late })}</span>
    </span>
  );
}

/** Days that promise something: what lies behind today and is not done is late. */
const DUE = ['due', 'promised_now', 'promised_on', 'close_expected', 'valid_until'];
const DONE = [
  'closed',
  'cancelled',
  'done',
  'dropped',
  'settled',
  'delivered',
  'won',
  'lost',
  'accepted',
  'rejected',
  'superseded',
  'withdrawn',
  'expired',
  'shipped',
];
function isDue(field: Field, row: Row): boolean {
  if (!DUE.includes(field.name) || DONE.includes(String(row['state'] ?? 'closed'))) return false;
  return row['fulfilment'] !== 'full';
}

// Its words come when a rule is shown.
const DutyText = lazy(
  learning('office activity', () =>
    import('./duty-text.tsx').then((m) => ({ default: m.DutyText })),
  ),
);

type ValueProps = { owner: string; field: Field; row: Row; plain?: boolean };

export function Value({ owner, field, row, plain = false }: ValueProps) {
  const { words, lang } = useWords();
  const { company } = useMe();
  const value = row[field.name];
  if (value === null || value === undefined || value === '') return null;
  if (field.look && owner !== 'duty_rule')
    return <Looked look={field.look} type={field.type} value={value} plain={plain} />;
  switch (field.type) {
    case 'money': {
      // What is kept in the company's own currency says so by its name.
      const own = field.name.endsWith('_base') || !row['currency'];
      const currency = own ? company.currency : String(row['currency']);
      return (
        <span className={sign(String(value)) < 0 ? 'neg' : undefined}>
          {amount(lang, value)}
          {currency !== company.currency && <small className="muted"> {currency}</small>}
        </span>
      );
    }
    case 'qty':
    case 'price':
    case 'rate':
      return quantity(lang, value);
    case 'int':
      return <span>{count(lang, Number(value))}</span>;
    case 'day':
      return <DayText value={String(value)} due={isDue(field, row)} />;
    case 'instant':
      return <span className="nowrap">{instant(value)}</span>;
    case 'flag':
      return <Flag yes={value === true} />;
    case 'enum':
      return (
        <Tag tone={toneOf(String(value))}>{words.option(owner, field.name, String(value))}</Tag>
      );
    case 'ref':
      if (field.ref === 'user') return <Person id={value} plain={plain} />;
      return <Ref entity={entityOf(field, row)} id={value} plain={plain} />;
    case 'json':
      return <code>{JSON.stringify(value)}</code>;
    default:
      if (owner === 'duty_rule')
        return (
          <Suspense fallback={<span className="txt">{String(value)}</span>}>
            <DutyText field={field.name} value={String(value)} />
          </Suspense>
        );
      return <span className="txt">{textOf(words, owner, field, String(value))}</span>;
  }
}

/** Fields of text that hold a role's code. */
const ROLES = ['role', 'role_code'];
/** A role that everybody has by its name; one of the tenant's own by its code. */
export const roleName = (words: Words, code: string): string =>
  words.find(`role-${code.replaceAll('_', '-')}`) ?? code;

/** Names that the program stores as text, in the reader's words where it has them. */
function textOf(words: Words, owner: string, field: Field, value: string): string {
  if (field.name === 'subject_kind' || field.name === 'origin_kind') return words.entity(value);
  if (owner === 'entry' && field.name === 'kind') return words.find(`entry-${value}`) ?? value;
  if ((owner === 'role' && field.name === 'code') || ROLES.includes(field.name))
    return roleName(words, value);
  // A name that the program chose (`on_acceptance`), never what a person typed.
  return /^[a-z_]+$/.test(value) ? words.option(owner, field.name, value) : value;
}

function Flag({ yes }: { yes: boolean }) {
  const { t } = useWords();
  const Icon = yes ? Check : Minus;
  return (
    <span className={yes ? 'flag on' : 'flag'}>
      <Icon size={15} aria-hidden />
      <span className="sr">{yes ? t('yes') : t('no')}</span>
    </span>
  );
}
