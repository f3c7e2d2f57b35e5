// Where one writes a comment: `@` offers who may read the record; Ctrl+Enter sends.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { type Reader, type Written, call, calling } from '../lib/talk.ts';
import { useReaders } from '../lib/talk-data.ts';
import { Button, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';

type Props = {
  collection: string;
  id: string;
  label: string;
  written: Written;
  set: (to: Written) => void;
  send: () => void;
  busy: boolean;
  refused: unknown;
  /** Where one may leave it as it was. */
  leave?: (() => void) | undefined;
};

export function CommentBox(props: Props) {
  const { written, set, send, busy, refused, leave } = props;
  const { t } = useWords();
  const list = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [place, setPlace] = useState<ReturnType<typeof calling>>(null);
  const [at, setAt] = useState(0);
  const caret = useRef<number | null>(null);
  const people = useReaders(props.collection, props.id, place?.typed ?? null).data?.rows ?? [];
  const offered = place ? people : [];
  useEffect(() => setAt(0), [place?.typed]);
  // The caret stands behind whoever was chosen, once the text is there.
  useEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [written.text]);
  const choose = (person: Reader): void => {
    if (!place) return;
    const { caret: behind, ...now } = call(written, place, person);
    caret.current = behind;
    setPlace(null);
    set(now);
    area.current?.focus();
  };
  const key = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method composes a word: its Enter takes the word, not a person.
    if (event.nativeEvent.isComposing) return;
    const chosen = offered[at];
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    else if (chosen && event.key === 'ArrowDown') setAt(Math.min(at + 1, offered.length - 1));
    else if (chosen && event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (chosen && (event.key === 'Enter' || event.key === 'Tab')) choose(chosen);
    else if (place && event.key === 'Escape') setPlace(null);
    else if (leave && event.key === 'Escape') leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="stack comment-box">
      <div className="picker">
        <textarea
          ref={area}
          className="input"
          rows={2}
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? list : undefined}
          aria-activedescendant={offered[at] ? `${list}-${at}` : undefined}
          aria-label={props.label}
          placeholder={t('comment-hint')}
          value={written.text}
          onChange={(event) => {
            set({ ...written, text: event.target.value });
            setPlace(calling(event.target.value, event.target.selectionStart));
          }}
          onKeyDown={key}
          onBlur={() => setPlace(null)}
        />
        {offered.length > 0 && (
          <div className="menu picks" role="listbox" id={list} aria-label={t('comment-people')}>
            {offered.map((person, n) => (
              <div
                key={person.id}
                id={`${list}-${n}`}
                role="option"
                tabIndex={-1}
                aria-selected={n === at}
                className="it"
                onPointerDown={(event) => {
                  event.preventDefault();
                  choose(person);
                }}
              >
                <span className="what">{person.name}</span>
                <span className="k">{person.login}</span>
              </div>
            ))}
          </div>
        )}
      </div>
      {refused !== null && refused !== undefined && (
        <Note tone="bad">{reason(refused, t)}</Note>
      )}
      {(written.text.trim() !== '' || leave) && (
        <div className="rowx">
          <span className="sp" />
          {leave && <Button onClick={leave}>{t('back')}</Button>}
          <Button
            kind="primary"
            onClick={send}
            busy={busy}
            disabled={written.text.trim() === ''}
            title="Ctrl+Enter"
          >
            {t('comment-send')}
          </Button>
        </div>
      )}
    </div>
  );
}
