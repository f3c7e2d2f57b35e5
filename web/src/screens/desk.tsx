// The order desk: everything that holds an order, by kind, with its reason and the way on.
import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { type Page, type Row, list } from '../api/client.ts';
import { daysBetween } from '../lib/day.ts';
import { holdReason } from '../lib/holds.ts';
import { useWords } from '../lib/i18n.tsx';
import { count, isZero, money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import { useEntity } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { useVerb } from '../meta/verbs.tsx';
import { ScreenProblem, ScreenWaits } from '../ui/frames.tsx';
import { Button, Empty, Tag } from '../ui/parts.tsx';

const KINDS = [
  'credit',
  'overdue',
  'prepayment',
  'price',
  'data',
  'duplicate',
  'stock',
  'approval',
  'customer',
  'billing',
];

export function Desk() {
  const { t, words, lang } = useWords();
  const entity = useEntity('hold');
  const [kind, setKind] = useState('');
  const asked = useInfiniteQuery({
    queryKey: ['desk', kind],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      list('holds', {
        filter: ['open:eq:1', ...(kind ? [`kind:eq:${kind}`] : [])],
        fields:
          'kind,party,subject_kind,subject,currency,amount,found,bound,days,discount,about,placed_at,version',
        sort: 'placed_at',
        limit: 50,
        cursor: pageParam || undefined,
      }),
    getNextPageParam: (page: Page) => page.next ?? undefined,
  });
  const { run, dialog } = useVerb(entity);
  const may = entity.verbs.some((v) => v.name === 'release' && v.may);
  const rows = asked.data?.pages.flatMap((p) => p.rows) ?? [];
  const total = asked.data?.pages[0]?.total;
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-desk')}</h1>
        <span className="sub">{t('desk-sub')}</span>
      </div>
      <div className="chips" role="group" aria-label={words.field('hold', 'kind')}>
        <button
          type="button"
          className="chip"
          aria-pressed={kind === ''}
          onClick={() => setKind('')}
        >
          {t('all')}
          {kind === '' && typeof total === 'number' ? ` ${count(lang, total)}` : ''}
        </button>
        {KINDS.map((k) => (
          <button
            key={k}
            type="button"
            className="chip"
            aria-pressed={kind === k}
            onClick={() => setKind(kind === k ? '' : k)}
          >
            {words.option('hold', 'kind', k)}
          </button>
        ))}
      </div>
      {asked.error && <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />}
      {asked.isPending && <ScreenWaits />}
      {asked.data && rows.length === 0 && (
        <div className="card">
          <Empty
            icon={<CircleCheck aria-hidden />}
            title={t('desk-none')}
            text={t('desk-none-text')}
          />
        </div>
      )}
      {rows.length > 0 && (
        <ul className="work">
          {rows.map((row) => (
            <HoldCard
              key={row.id}
              row={row}
              release={may ? () => void run('release', row) : undefined}
            />
          ))}
        </ul>
      )}
      {asked.hasNextPage && (
        <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t('rows-more')}
        </Button>
      )}
      {dialog}
    </div>
  );
}

/** What is done about each kind before it is released by force. */
function HoldCard({ row, release }: { row: Row; release: (() => void) | undefined }) {
  const { t, words, lang } = useWords();
  const me = useMe();
  const kind = String(row['kind']);
  const days = daysBetween(String(row['placed_at'] ?? '').slice(0, 10), me.today);
  return (
    <li className="card">
      <Tag tone={kind === 'stock' || kind === 'data' ? 'warn' : 'bad'}>
        {words.option('hold', 'kind', kind)}
      </Tag>
      <span className="grow">
        <span className="line1">
          <Ref entity={String(row['subject_kind'])} id={row['subject']} />{' '}
          <Ref entity="party" id={row['party']} />
        </span>
        <span className="line2">
          {holdReason(words, row, me.company.currency)}
          <small className="muted"> · {t(`desk-do-${kind}`)}</small>
        </span>
      </span>
      {!isZero(row['amount']) && (
        <span className="num">{money(lang, row['amount'], String(row['currency'] || me.company.currency))}</span>
      )}
      <span className={days > 3 ? 'late nowrap' : 'muted nowrap'}>{t('waits-days', { days })}</span>
      {release && <Button onClick={release}>{words.verb('hold', 'release')}</Button>}
    </li>
  );
}
