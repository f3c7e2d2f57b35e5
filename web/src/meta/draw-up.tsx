// The frame of a form that draws a document up: sent once, refused where it is wrong with all that
// was typed kept, and the document opened when it is made.
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Problem, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';
import type { Entity } from './meta.ts';
import { Crumb } from './row.tsx';
import { useRefresh } from './verbs.tsx';

export type DrawingUp = {
  busy: boolean;
  refused: unknown;
  /** What is wrong with a field. */
  at: (name: string) => string | undefined;
  send: (body: object) => Promise<void>;
};

export function useDrawUp(entity: Entity): DrawingUp {
  const { t, words } = useWords();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const { collection } = entity;
  return {
    busy,
    refused,
    at: (name) => (refused instanceof Problem && refused.field === name ? refused.title : undefined),
    send: async (body) => {
      setBusy(true);
      try {
        const made = await send(collection, body, { key });
        toast(t('made', { what: words.entity(entity.name) }));
        const params = { collection, id: made.id };
        await navigate({ to: '/$collection/$id', params, replace: true });
        await refresh();
      } catch (error) {
        setRefused(error);
        setKey(newKey());
        setBusy(false);
      }
    },
  };
}

export function DrawUp(props: {
  entity: Entity;
  title: string;
  label: string;
  form: DrawingUp;
  /** Fields that say what is wrong with them themselves. */
  fields: string[];
  disabled?: boolean;
  body: () => object;
  children: ReactNode;
}) {
  const { t } = useWords();
  const { form, fields } = props;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    void form.send(props.body());
  };
  return (
    <div className="page narrow">
      <Crumb entity={props.entity} />
      <div className="head">
        <h1>{props.title}</h1>
      </div>
      <form className="card" onSubmit={save}>
        <div className="in stack">
          {form.refused !== null && !fields.some((name) => form.at(name)) && (
            <Note tone="bad">{reason(form.refused, t)}</Note>
          )}
          {props.children}
          <div className="rowx">
            <Button kind="primary" type="submit" busy={form.busy} disabled={props.disabled}>
              {props.label}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}

/** A field of text or of one figure. */
export function Typed(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  error?: string | undefined;
  max?: number;
  required?: boolean;
  figure?: boolean;
}) {
  return (
    <Labelled label={props.label} required={props.required} error={props.error}>
      {(ids) => (
        <input
          {...ids}
          className={props.figure ? 'input num' : 'input'}
          inputMode={props.figure ? 'decimal' : undefined}
          autoComplete="off"
          required={props.required}
          maxLength={props.max}
          value={props.value}
          onChange={(e) => props.set(e.target.value)}
        />
      )}
    </Labelled>
  );
}
