// What happened: the facts of a row, newest first, with what they changed.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { instant, lasted } from '../lib/day.ts';
import { type Words, useWords } from '../lib/i18n.tsx';
import { money } from '../lib/number.ts';
import { Button, Loading, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { type Entity, type Field, fieldOf } from './meta.ts';
import { Ref } from './show.tsx';

export type Fact = {
  id: string;
  activity: string;
  from: string;
  to: string;
  occurred_at: string;
  actor_kind: string;
  actor_name: string;
  reason: string;
  worth: string | null;
  changes: { field: string; before: string; after: string }[];
};

const FIRST = 12;

export function Timeline({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useWords();
  const asked = useQuery({
    queryKey: ['facts', entity.collection, id],
    queryFn: () => get<{ rows: Fact[] }>(`${entity.collection}/${id}/facts`),
  });
  return (
    <section className="card">
      <header>
        <h2>{t('timeline')}</h2>
      </header>
      <div className="in">
        {asked.isPending && <Loading />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {asked.data && (
          <FactList entity={entity.name} fields={entity.fields} facts={asked.data.rows} />
        )}
      </div>
    </section>
  );
}

/** Reasons that the program gives are names of holds; people's own words stay as they are. */
export const reasonOf = (words: Words, given: string): string =>
  given.split(',').every((part) => /^[a-z_]+$/.test(part))
    ? given
        .split(',')
        .map((part) => words.option('hold', 'kind', part))
        .join(words.t('list-comma'))
    : given;

/** `25588.26 CNY` as the reader writes amounts. */
const worthOf = (lang: Words['lang'], worth: string): string => {
  const [amount, currency] = worth.split(' ');
  return currency ? money(lang, amount, currency) : worth;
};

/** Facts newest first; between two of them how long it took. */
export function FactList(props: { entity: string; facts: Fact[]; fields?: Field[] }) {
  const { t, words, lang } = useWords();
  const { entity, facts, fields = [] } = props;
  const [all, setAll] = useState(false);
  if (facts.length === 0) return <p className="muted">{t('timeline-none')}</p>;
  const shown = all ? facts : facts.slice(0, FIRST);
  const who = (fact: Fact): string => fact.actor_name || words.t(`actor-${fact.actor_kind}`);
  return (
    <>
      <ol className="timeline">
        {shown.map((fact, at) => {
          const earlier = facts[at + 1];
          const gap = earlier ? Date.parse(fact.occurred_at) - Date.parse(earlier.occurred_at) : 0;
          return (
            <li key={fact.id}>
              <b>{words.activity(fact.activity)}</b>
              {fact.worth && <span className="worth">{worthOf(lang, fact.worth)}</span>}
              <small>
                {instant(fact.occurred_at)} · {who(fact)}
              </small>
              {fact.reason && <q>{reasonOf(words, fact.reason)}</q>}
              {fact.changes
                .filter((c) => c.before !== c.after)
                .map((change) => (
                  <small key={change.field} className="change">
                    {words.field(entity, change.field)}:{' '}
                    <s>
                      <Told
                        entity={entity}
                        fields={fields}
                        name={change.field}
                        of={change.before}
                      />
                    </s>{' '}
                    → <Told entity={entity} fields={fields} name={change.field} of={change.after} />
                  </small>
                ))}
              {gap >= 3_600_000 && earlier && (
                <small className="gap">
                  {t('timeline-after', {
                    time: lasted(lang, earlier.occurred_at, fact.occurred_at),
                  })}
                </small>
              )}
            </li>
          );
        })}
      </ol>
      {facts.length > FIRST && (
        <Button kind="ghost" onClick={() => setAll(!all)}>
          {all ? t('detail-less') : t('timeline-all', { count: facts.length })}
        </Button>
      )}
    </>
  );
}

/** A value that a fact tells, as people read it: a yes, a name, one of a few. */
function Told(props: { entity: string; fields: Field[]; name: string; of: string }) {
  const { t, words } = useWords();
  const field = fieldOf(props.fields, props.name);
  if (props.of === '') return '–';
  if (field?.type === 'flag') return t(props.of === '1' || props.of === 'true' ? 'yes' : 'no');
  if (field?.ref && /^\d+$/.test(props.of)) return <Ref entity={field.ref} id={props.of} plain />;
  return words.option(props.entity, props.name, props.of);
}
