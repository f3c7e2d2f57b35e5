// What people say of a record: one comment, and the box for a new one.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil, Undo2 } from 'lucide-react';
import { Fragment, useState } from 'react';
import { send } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useDraft } from '../lib/draft.ts';
import { useKeyOf } from '../lib/talk-data.ts';
import { useWords } from '../lib/i18n.tsx';
import { type Comment, type Names, type Written, partsOf, toSent, toWritten } from '../lib/talk.ts';
import { useToastProblem } from '../ui/toast.tsx';
import { CommentBox } from './comment-box.tsx';

type On = { collection: string; id: string };
const NOTHING: Written = { text: '', called: {} };

function useSay({ collection, id }: On) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body, key }: { path: string; body: object; key?: string }) =>
      send(`${collection}/${id}/comments${path}`, body, key ? { key } : {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ['facts', collection, id] }),
  });
}

/** What was typed stays on this device until it is sent, and while it is refused. */
export function NewComment(on: On) {
  const { t } = useWords();
  const say = useSay(on);
  const [written, set, forget] = useDraft(`comment.${on.collection}.${on.id}`, NOTHING);
  const keyOf = useKeyOf();
  const sent = (): void => {
    if (written.text.trim() === '' || say.isPending) return;
    const text = toSent(written);
    say.mutate(
      { path: '', body: { text }, key: keyOf(text) },
      {
        onSuccess: () => {
          keyOf('');
          forget();
        },
      },
    );
  };
  return (
    <CommentBox
      {...on}
      label={t('comment-new')}
      written={written}
      set={set}
      send={sent}
      busy={say.isPending}
      refused={say.error}
    />
  );
}

/** A kept text with people by their names. */
export function Said({ text, people }: { text: string; people: Names }) {
  return (
    <>
      {partsOf(text, people).map((part, at) => (
        <Fragment key={at}>
          {typeof part === 'string' ? part : <b className="called">@{part.name}</b>}
        </Fragment>
      ))}
    </>
  );
}

export function OneComment({ on, one, people }: { on: On; one: Comment; people: Names }) {
  const { t } = useWords();
  const say = useSay(on);
  const problem = useToastProblem();
  const [edited, setEdited] = useState<Written | null>(null);
  const at = `/${one.id}`;
  if (edited)
    return (
      <CommentBox
        {...on}
        label={t('comment-change')}
        written={edited}
        set={setEdited}
        busy={say.isPending}
        refused={say.error}
        leave={() => setEdited(null)}
        send={() =>
          say.mutate(
            { path: `${at}/change`, body: { text: toSent(edited) } },
            { onSuccess: () => setEdited(null) },
          )
        }
      />
    );
  return (
    <>
      <span className="by">
        <small>
          <b>{people[one.made_by] ?? one.made_by}</b> · {instant(one.made_at)}
          {one.changed_at && !one.withdrawn_at && ` · ${t('comment-changed')}`}
        </small>
        {one.own && !one.withdrawn_at && (
          <span className="rowx of-comment">
            <button
              type="button"
              className="btn ghost icon small"
              aria-label={t('comment-change')}
              title={t('comment-change')}
              onClick={() => setEdited(toWritten(one.text, people))}
            >
              <Pencil size={13} aria-hidden />
            </button>
            <button
              type="button"
              className="btn ghost icon small"
              aria-label={t('comment-withdraw')}
              title={t('comment-withdraw')}
              disabled={say.isPending}
              onClick={() => say.mutate({ path: `${at}/withdraw`, body: {} }, { onError: problem })}
            >
              <Undo2 size={13} aria-hidden />
            </button>
          </span>
        )}
      </span>
      {one.withdrawn_at ? (
        <span className="muted">{t('comment-withdrawn')}</span>
      ) : (
        <p className="said">
          <Said text={one.text} people={people} />
        </p>
      )}
    </>
  );
}
