// Asks for a value by the type of its field.
import { useWords } from '../lib/i18n.tsx';
import { plain } from '../lib/number.ts';
import { DayInput } from '../ui/day-input.tsx';
import { Labelled } from '../ui/parts.tsx';
import { Picker } from '../ui/picker.tsx';
import { ASKED, LookedInput } from './looks.tsx';
import { type Field, useIndexQuery } from './meta.ts';

export type Values = Record<string, unknown>;
type InputProps = {
  owner: string;
  field: Field;
  value: unknown;
  set: (value: unknown) => void;
  error?: string | undefined;
  autoFocus?: boolean;
};

/** Fields of text that are one of a few. */
const OPTIONS: Record<string, string[]> = {
  stage: ['discovery', 'solution', 'quoted', 'negotiation'],
  role_code: [
    'sales',
    'order_desk',
    'warehouse',
    'finance',
    'billing',
    'cashier',
    'credit',
    'approver',
    'buyer',
    'auditor',
    'admin',
  ],
  tax_code: ['VAT13', 'VAT9', 'VAT6', 'VAT3', 'VAT1', 'VAT0'],
};
const LABELS: Record<string, (t: (key: string) => string, value: string) => string> = {
  role_code: (t, value) => t(`role-${value.replaceAll('_', '-')}`),
  tax_code: (t, value) => t(`setup-tax-${value.toLowerCase()}`),
};

export function FieldInput(props: InputProps) {
  const { words } = useWords();
  const label = words.field(props.owner, props.field.name);
  if (props.field.type === 'flag') {
    return (
      <label className="check">
        <input
          type="checkbox"
          checked={props.value === true}
          onChange={(e) => props.set(e.target.checked)}
        />
        {label}
      </label>
    );
  }
  return (
    <Labelled
      label={label}
      required={props.field.required}
      error={props.error}
      wide={props.field.type === 'long_text'}
    >
      {(ids) => <Bare {...props} ids={ids} />}
    </Labelled>
  );
}

/** One of a few values, one of them always chosen. */
export function OneOf(props: {
  owner: string;
  name: string;
  options: string[];
  value: string;
  set: (value: string) => void;
}) {
  const { words } = useWords();
  return (
    <Labelled label={words.field(props.owner, props.name)}>
      {(ids) => (
        <select
          {...ids}
          className="select"
          value={props.value}
          onChange={(e) => props.set(e.target.value)}
        >
          {props.options.map((option) => (
            <option key={option} value={option}>
              {words.option(props.owner, props.name, option)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

type Ids = {
  id?: string;
  'aria-label'?: string;
  'aria-invalid'?: boolean | undefined;
  'aria-describedby'?: string | undefined;
};

/** The input alone, for where the label stands elsewhere. */
export function Bare({ owner, field, value, set, autoFocus, ids }: InputProps & { ids: Ids }) {
  const { words, t } = useWords();
  const index = useIndexQuery() ?? [];
  const text = value === null || value === undefined ? '' : String(value);
  const common = { ...ids, autoFocus, required: field.required, value: text };
  const options = field.options?.filter((o) => o !== '') ?? OPTIONS[field.name];
  if (options) {
    return (
      <select {...common} className="select" onChange={(e) => set(e.target.value)}>
        <option value="">{field.required ? t('choose') : '–'}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {LABELS[field.name]?.(t, option) ?? words.option(owner, field.name, option)}
          </option>
        ))}
      </select>
    );
  }
  if (
    field.type === 'ref' &&
    field.ref &&
    index.some((e) => e.name === field.ref && e.title !== 'id')
  ) {
    const filter = field.ref === 'party' ? ['is_customer:eq:true'] : [];
    return (
      <Picker
        {...ids}
        entity={field.ref}
        value={text}
        filter={filter}
        onPick={(id) => set(id)}
        autoFocus={autoFocus ?? false}
      />
    );
  }
  if (field.look && ASKED.has(field.look))
    return (
      <LookedInput
        {...common}
        look={field.look}
        type={field.type}
        maxLength={field.max}
        set={(to) => set(to)}
      />
    );
  switch (field.type) {
    case 'day':
      return (
        <DayInput {...common} set={set} />
      );
    case 'long_text':
      return (
        <textarea
          {...common}
          className="area"
          maxLength={field.max}
          rows={3}
          onChange={(e) => set(e.target.value)}
        />
      );
    case 'int':
    case 'money':
    case 'qty':
    case 'price':
    case 'rate':
      return (
        <input
          {...common}
          className="input num"
          inputMode="decimal"
          autoComplete="off"
          onChange={(e) => set(e.target.value)}
        />
      );
    default:
      return (
        <input
          {...common}
          className="input"
          maxLength={field.max}
          autoComplete="off"
          onChange={(e) => set(e.target.value)}
        />
      );
  }
}

/** What a form sends: no empty fields, plain decimals. */
export function cleaned(fields: Field[], values: Values): Values {
  const sent: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || value === '' || value === null) continue;
    const isDecimal = ['money', 'qty', 'price', 'rate', 'int'].includes(field.type);
    sent[field.name] = isDecimal ? plain(String(value)) : value;
  }
  return sent;
}
