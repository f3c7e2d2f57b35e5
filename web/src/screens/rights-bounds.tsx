// How far a role reaches on one kind of record, and what it sees and writes of its fields.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Row, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { type Field, entityQuery } from '../meta/meta.ts';
import { useRefresh } from '../meta/verbs.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Loading, Note } from '../ui/parts.tsx';
import { reason, useToastProblem } from '../ui/toast.tsx';

export type Reach = { entity: string; reach: string };
export type FieldRule = { entity: string; field: string; sight: string; writes: boolean };
const REACHES = ['', 'own', 'department', 'all'];
const NEEDED = ['id', 'version', 'scope_id', 'state', 'currency'];

/** Says something of the role and shows it anew. */
function useSay(role: Row): [boolean, (verb: string, body: object) => Promise<void>] {
  const refresh = useRefresh();
  const problem = useToastProblem();
  const [busy, setBusy] = useState(false);
  const say = async (verb: string, body: object): Promise<void> => {
    setBusy(true);
    try {
      await send(`roles/${role.id}/${verb}`, body);
      await refresh();
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  return [busy, say];
}

export function ReachOf(props: { role: Row; entity: string; reaches: Reach[]; may: boolean }) {
  const { t, words } = useWords();
  const [busy, say] = useSay(props.role);
  const { entity } = props;
  const set = props.reaches.find((r) => r.entity === entity)?.reach ?? '';
  return (
    <label className={set ? 'right on' : 'right'}>
      <span>{words.entity('role_reach')}</span>
      <select
        aria-label={`${words.entities(entity)}: ${words.entity('role_reach')}`}
        value={set}
        disabled={!props.may || busy}
        onChange={(e) =>
          void (e.target.value
            ? say('set_reach', { entity, reach: e.target.value })
            : say('clear_reach', { entity }))
        }
      >
        {REACHES.map((reach) => (
          <option key={reach} value={reach}>
            {reach ? words.option('role_grant', 'reach', reach) : t('right-as-granted')}
          </option>
        ))}
      </select>
    </label>
  );
}

export function FieldsOf(props: { role: Row; entity: string; rules: FieldRule[]; may: boolean }) {
  const { t, words } = useWords();
  const [open, setOpen] = useState(false);
  const mine = props.rules.filter((r) => r.entity === props.entity);
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        aria-label={`${words.entities(props.entity)}: ${words.entity('role_field')}`}
      >
        {words.entity('role_field')}
        {mine.length > 0 && ` ${mine.length}`}
      </Button>
      {open && (
        <Dialog
          title={`${words.entities(props.entity)}: ${words.entity('role_field')}`}
          close={() => setOpen(false)}
          footer={<Button onClick={() => setOpen(false)}>{t('back')}</Button>}
        >
          <Table {...props} rules={mine} />
        </Dialog>
      )}
    </>
  );
}

function Table(props: { role: Row; entity: string; rules: FieldRule[]; may: boolean }) {
  const { t, words } = useWords();
  const asked = useQuery(entityQuery(props.entity));
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data) return <Loading lines={6} />;
  const { fields, title } = asked.data;
  const open = fields.filter((f) => !NEEDED.includes(f.name) && f.name !== title);
  return (
    <table className="lines">
      <thead>
        <tr>
          <th>{words.field('role_field', 'field')}</th>
          <th>{words.field('role_field', 'sight')}</th>
          <th>{words.field('role_field', 'writes')}</th>
        </tr>
      </thead>
      <tbody>
        {open.map((field) => (
          <Line key={field.name} {...props} field={field} />
        ))}
      </tbody>
    </table>
  );
}

function Line(props: {
  role: Row;
  entity: string;
  field: Field;
  rules: FieldRule[];
  may: boolean;
}) {
  const { t, words } = useWords();
  const [busy, say] = useSay(props.role);
  const { entity, field } = props;
  const rule = props.rules.find((r) => r.field === field.name);
  const isText = field.type === 'text' || field.type === 'long_text';
  const set = (sight: string, writes: boolean): Promise<void> =>
    say('set_field', { entity, field: field.name, sight, writes: sight === 'whole' && writes });
  const label = words.field(entity, field.name);
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>
        <select
          className="select"
          aria-label={`${label}: ${words.field('role_field', 'sight')}`}
          value={rule?.sight ?? ''}
          disabled={!props.may || busy}
          onChange={(e) =>
            void (e.target.value
              ? set(e.target.value, rule?.writes ?? true)
              : say('clear_field', { entity, field: field.name }))
          }
        >
          <option value="">{t('right-as-declared')}</option>
          {['whole', ...(isText ? ['masked'] : []), 'hidden'].map((sight) => (
            <option key={sight} value={sight}>
              {words.option('role_field', 'sight', sight)}
            </option>
          ))}
        </select>
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={`${label}: ${words.field('role_field', 'writes')}`}
          checked={rule ? rule.writes : true}
          disabled={!props.may || busy || (rule !== undefined && rule.sight !== 'whole')}
          onChange={(e) => void set('whole', e.target.checked)}
        />
      </td>
    </tr>
  );
}
