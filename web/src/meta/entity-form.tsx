// Forms made from declarations: making a row, and changing one.
import { type FormEvent, useState } from 'react';
import { Problem, type Row, newKey, send } from '../api/client.ts';
import { useDraft, useUnsent } from '../lib/draft.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';
import { FieldInput, type Values, cleaned } from './inputs.tsx';
import { type Entity, type Field, isForPeople } from './meta.ts';
import { useRefresh } from './verbs.tsx';

/** Values that most new rows have. */
const usualOf = (entity: string, t: (key: string) => string): Values => {
  if (entity === 'party') return { is_customer: true, active: true, terms_code: 'PREPAID' };
  if (entity !== 'product') return {};
  return { kind: 'goods', active: true, tax_code: 'VAT13', unit: t('usual-unit') };
};

/** What a new row is asked for: few fields first, the rest may wait. */
function fieldsOf(entity: Entity): { first: Field[]; rest: Field[] } {
  const verb = entity.verbs.find((v) => v.name === 'create');
  const all = (verb ? verb.takes : entity.fields.filter((f) => !f.by_commands)).filter(
    (f) => isForPeople(f) || f.type === 'ref',
  );
  const open = all.filter((f) => f.name !== 'id' && f.type !== 'json');
  if (verb) return { first: open, rest: [] };
  const first = open.filter((f) => f.required || f.in_list);
  return { first, rest: open.filter((f) => !first.includes(f)) };
}

export function NewForm({
  entity,
  done,
  cancel,
}: {
  entity: Entity;
  done: (row: Row) => void;
  cancel: () => void;
}) {
  const { t } = useWords();
  const { first, rest } = fieldsOf(entity);
  const [values, set, forget, restored] = useDraft<Values>(
    `new.${entity.name}`,
    usualOf(entity.name, t),
  );
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [key, setKey] = useState(newKey);
  const refresh = useRefresh();
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const row = await send(entity.collection, cleaned([...first, ...rest], values), { key });
      forget();
      done(row);
      await refresh();
    } catch (error) {
      setRefused(error);
      setKey(newKey());
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="card" onSubmit={(event) => void save(event)}>
      <div className="in stack">
        {restored && <Note>{t('draft-restored')}</Note>}
        <Refused refused={refused} fields={[...first, ...rest]} />
        <Inputs
          entity={entity}
          fields={all ? [...first, ...rest] : first}
          values={values}
          set={set}
          refused={refused}
        />
        <div className="rowx">
          <Button kind="primary" type="submit" busy={busy}>
            {t('save')}
          </Button>
          <Button
            onClick={() => {
              forget();
              cancel();
            }}
          >
            {t('discard')}
          </Button>
          <span className="sp" />
          {rest.length > 0 && (
            <Button kind="ghost" onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? t('detail-less') : t('form-more', { count: rest.length })}
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}

/** A refusal that is about no field that is shown. */
function Refused({ refused, fields }: { refused: unknown; fields: Field[] }) {
  const { t } = useWords();
  if (refused === null) return null;
  if (refused instanceof Problem && fields.some((f) => f.name === refused.field)) return null;
  return <Note tone="bad">{reason(refused, t)}</Note>;
}

type InputsProps = {
  entity: Entity;
  fields: Field[];
  values: Values;
  set: (to: (now: Values) => Values) => void;
  refused: unknown;
};

function Inputs({ entity, fields, values, set, refused }: InputsProps) {
  return (
    <div className="fields">
      {fields.map((field, at) => (
        <FieldInput
          key={field.name}
          owner={entity.name}
          field={field}
          autoFocus={at === 0}
          value={values[field.name]}
          error={
            refused instanceof Problem && refused.field === field.name ? refused.title : undefined
          }
          set={(value) => set((now) => ({ ...now, [field.name]: value }))}
        />
      ))}
    </div>
  );
}

/** Changes a row; where somebody else was first, both values are shown. */
export function EditForm({ entity, row, close }: { entity: Entity; row: Row; close: () => void }) {
  const { t } = useWords();
  const [began] = useState(row);
  const fields = entity.fields.filter((f) => !f.by_commands && isForPeople(f));
  const [values, set] = useState<Values>(() =>
    Object.fromEntries(fields.map((f) => [f.name, began[f.name]])),
  );
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const refresh = useRefresh();
  const changed = fields.filter((f) => (values[f.name] ?? '') !== (began[f.name] ?? ''));
  useUnsent(changed.length > 0);
  const conflict = refused instanceof Problem && refused.code === 'store.version_conflict';
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = Object.fromEntries(changed.map((f) => [f.name, values[f.name] ?? '']));
      const version = conflict ? row.version : began.version;
      await send(`${entity.collection}/${row.id}`, body, { method: 'PATCH', version });
      toast(t('saved'));
      close();
      await refresh();
    } catch (error) {
      setRefused(error);
      setBusy(false);
      if (error instanceof Problem && error.status === 409) await refresh();
    }
  };
  return (
    <form className="card" onSubmit={(event) => void save(event)}>
      <div className="in stack">
        {conflict ? (
          <Conflict entity={entity} mine={values} theirs={row} fields={changed} />
        ) : (
          <Refused refused={refused} fields={fields} />
        )}
        <Inputs entity={entity} fields={fields} values={values} set={set} refused={refused} />
        <div className="rowx">
          <Button kind="primary" type="submit" busy={busy} disabled={changed.length === 0}>
            {conflict ? t('conflict-mine') : t('save')}
          </Button>
          <Button onClick={close}>{conflict ? t('conflict-theirs') : t('back')}</Button>
        </div>
      </div>
    </form>
  );
}

function Conflict({
  entity,
  mine,
  theirs,
  fields,
}: {
  entity: Entity;
  mine: Values;
  theirs: Row;
  fields: Field[];
}) {
  const { t, words } = useWords();
  return (
    <Note tone="warn">
      <b>{t('conflict-title')}</b>
      <ul>
        {fields.map((f) => (
          <li key={f.name}>
            {t('conflict-line', {
              field: words.field(entity.name, f.name),
              mine: String(mine[f.name] ?? '–'),
              theirs: String(theirs[f.name] ?? '–'),
            })}
          </li>
        ))}
      </ul>
    </Note>
  );
}
