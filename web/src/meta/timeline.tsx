// What happened and what was said: the facts of a row and people's comments, newest first.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get } from '../api/client.ts';
import { instant, lasted } from '../lib/day.ts';
import { type Words, useWords } from '../lib/i18n.tsx';
import { money } from '../lib/number.ts';
import type { Comment } from '../lib/talk.ts';
import { useComments } from '../lib/talk-data.ts';
import { Button, Loading, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { NewComment, OneComment } from './comments.tsx';
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

const SHOWN = ['all', 'said', 'done'] as const;

/** Facts and comments by time; a comment stands in the place of its fact. */
export function Timeline({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useWords();
  const on = { collection: entity.collection, id };
  const asked = useQuery({
    queryKey: ['facts', entity.collection, id],
    queryFn: () => get<{ rows: Fact[] }>(`${entity.collection}/${id}/facts`),
  });
  const talk = useComments(entity.collection, id);
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('all');
  const said = shown === 'done' ? [] : (talk.data?.rows ?? []);
  const facts = (asked.data?.rows ?? []).filter((f) => !f.activity.startsWith('comment.'));
  const error = asked.error ?? talk.error;
  return (
    <section className="card">
      <header>
        <h2>{t('timeline')}</h2>
        <span className="sp" />
        {(talk.data?.rows.length ?? 0) > 0 && (
          <div className="seg" role="group" aria-label={t('timeline-show')}>
            {SHOWN.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={shown === one}
                onClick={() => setShown(one)}
              >
                {t(`timeline-show-${one}`)}
              </button>
            ))}
          </div>
        )}
      </header>
      <div className="in stack">
        <NewComment key={id} {...on} />
        {(asked.isPending || talk.isPending) && <Loading />}
        {error && <Note tone="bad">{reason(error, t)}</Note>}
        {asked.data && talk.data && (
          <FactList
            entity={entity.name}
            fields={entity.fields}
            facts={shown === 'said' ? [] : facts}
            said={said}
            comment={(one) => <OneComment on={on} one={one} people={talk.data.people} />}
          />
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

type Listed = {
  entity: string;
  facts: Fact[];
  fields?: Field[];
  said?: Comment[];
  comment?: (one: Comment) => ReactNode;
};

/** Facts and comments, newest first; between two facts how long it took. */
export function FactList({ entity, facts, fields = [], said = [], comment }: Listed) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const entries = [
    ...facts.map((fact, at) => ({ at: fact.occurred_at, fact, earlier: facts[at + 1] })),
    ...said.map((one) => ({ at: one.made_at, one })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (entries.length === 0) return <p className="muted">{t('timeline-none')}</p>;
  const shown = all ? entries : entries.slice(0, FIRST);
  return (
    <>
      <ol className="timeline">
        {shown.map((entry) =>
          'fact' in entry ? (
            <OneFact key={entry.fact.id} entity={entity} fields={fields} {...entry} />
          ) : (
            <li key={entry.one.id} className="comment">
              {comment?.(entry.one)}
            </li>
          ),
        )}
      </ol>
      {entries.length > FIRST && (
        <Button kind="ghost" onClick={() => setAll(!all)}>
          {all ? t('detail-less') : t('timeline-all', { count: entries.length })}
        </Button>
      )}
    </>
  );
}

type One = { entity: string; fields: Field[]; fact: Fact; earlier: Fact | undefined };

function OneFact({ entity, fields, fact, earlier }: One) {
  const { t, words, lang } = useWords();
  const who = fact.actor_name || words.t(`actor-${fact.actor_kind}`);
  const gap = earlier ? Date.parse(fact.occurred_at) - Date.parse(earlier.occurred_at) : 0;
  return (
    <li>
      <b>{words.activity(fact.activity)}</b>
      {fact.worth && <span className="worth">{worthOf(lang, fact.worth)}</span>}
      <small>
        {instant(fact.occurred_at)} · {who}
      </small>
      {fact.reason && <q>{reasonOf(words, fact.reason)}</q>}
      {fact.changes
        .filter((c) => c.before !== c.after)
        .map((change) => (
          <small key={change.field} className="change">
            {words.field(entity, change.field)}:{' '}
            <s>
              <Told entity={entity} fields={fields} name={change.field} of={change.before} />
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
