// Who did what and when, over the whole company: by person, kind of document and time.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { get } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useIndex } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { reasonOf } from '../meta/timeline.tsx';
import { DayInput } from '../ui/day-input.tsx';
import { Button, Empty, Labelled, Loading, Note } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { reason } from '../ui/toast.tsx';

type Fact = {
  id: string;
  activity: string;
  from: string;
  to: string;
  at: string;
  actor_kind: string;
  actor_name: string;
  reason: string;
  objects: { kind: string; id: string }[];
  more: number;
};
type Answer = { rows: Fact[]; next: string | null };
type Search = { actor?: string; kind?: string; from?: string; until?: string };

export function TrailScreen() {
  const { t, words } = useWords();
  const index = useIndex();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  const set = (change: Partial<Search>): void =>
    void navigate({ to: '.', search: { ...search, ...change } as never, replace: true });
  const { actor, kind, from, until } = search;
  const asked = useInfiniteQuery({
    queryKey: ['trail', actor, kind, from, until],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Answer>('trail', { actor, kind, from, until, before: pageParam || undefined }, signal),
    getNextPageParam: (page: Answer) => page.next ?? undefined,
  });
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const day = (name: 'from' | 'until') => (
    <Labelled label={t(`trail-${name}`)}>
      {(ids) => (
        <DayInput
          {...ids}
          value={search[name] ?? ''}
          set={(to) => set({ [name]: to || undefined })}
        />
      )}
    </Labelled>
  );
  return (
    <div className="page full">
      <div className="head">
        <h1>{t('nav-trail')}</h1>
        <span className="sub">{t('trail-sub')}</span>
      </div>
      <div className="fields">
        <Labelled label={t('trail-who')}>
          {(ids) => (
            <Picker
              {...ids}
              entity="user"
              value={actor ?? ''}
              onPick={(id) => set({ actor: id || undefined })}
            />
          )}
        </Labelled>
        <Labelled label={t('trail-kind')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={kind ?? ''}
              onChange={(e) => set({ kind: e.target.value || undefined })}
            >
              <option value="">{t('all')}</option>
              {index.map((e) => (
                <option key={e.name} value={e.name}>
                  {words.entity(e.name)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        {day('from')}
        {day('until')}
      </div>
      {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
      {asked.isPending && <Loading lines={8} />}
      {asked.data && rows.length === 0 && (
        <div className="card">
          <Empty title={t('none-found')} text={t('none-found-text')} />
        </div>
      )}
      {rows.length > 0 && (
        <div className="card grid grow" role="region" aria-label={t('nav-trail')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{t('trail-at')}</th>
                <th>{t('trail-who')}</th>
                <th>{t('trail-what')}</th>
                <th>{t('trail-on')}</th>
                <th>{t('trail-why')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((fact) => (
                <tr key={fact.id} className="still">
                  <td data-label={t('trail-at')} className="nowrap">
                    {instant(fact.at)}
                  </td>
                  <td data-label={t('trail-who')}>
                    {fact.actor_name || t(`actor-${fact.actor_kind}`)}
                  </td>
                  <td data-label={t('trail-what')}>{words.activity(fact.activity)}</td>
                  <td data-label={t('trail-on')}>
                    {fact.objects
                      .filter((o) => index.some((e) => e.name === o.kind))
                      .map((o) => (
                        <span key={`${o.kind}.${o.id}`} className="on-what">
                          <span className="muted">{words.entity(o.kind)}</span>{' '}
                          <Ref entity={o.kind} id={o.id} />
                        </span>
                      ))}
                    {fact.more > 0 && (
                      <span className="muted">{t('cal-rest', { count: String(fact.more) })}</span>
                    )}
                  </td>
                  <td data-label={t('trail-why')}>
                    {fact.reason ? reasonOf(words, fact.reason) : ''}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked.hasNextPage && (
        <div className="foot">
          <Button
            kind="ghost"
            busy={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {t('rows-more')}
          </Button>
        </div>
      )}
    </div>
  );
}
