// The editor of a list's conditions: all or any must hold, groups within, rows one step away.
import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { plain } from '../lib/number.ts';
import { DayInput } from '../ui/day-input.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button } from '../ui/parts.tsx';
import { type Reached, opWords, pathWords, reached, useEntities } from './condition-words.ts';
import { type Filter, type Join, PERIODS, type Tree, counted, isTest, opsOf } from './filters.ts';
import { Bare } from './inputs.tsx';
import { type Entity, type Field, columnsOf, isForPeople } from './meta.ts';

type Group = { join: Join; parts: Tree[] };
/** As many levels as the program reads. */
const LEVELS = 3;

export function FilterEditor(props: {
  entity: Entity;
  start: Group;
  close: () => void;
  save: (tree: Tree) => void;
}) {
  const { entity } = props;
  const { t } = useWords();
  const refs = entity.fields.filter((f) => f.ref && isForPeople(f)).map((f) => f.ref as string);
  const others = useEntities([...new Set(refs)]);
  const first = columnsOf(entity)[0]?.name ?? entity.fields[0]?.name ?? 'id';
  const fresh = (): Filter => testOf(entity, others, first);
  const [group, setGroup] = useState<Group>(
    props.start.parts.length > 0 ? props.start : { join: 'and', parts: [fresh()] },
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    props.save(group);
  };
  return (
    <Dialog
      wide
      title={t('filter-title')}
      close={props.close}
      footer={
        <>
          <Button onClick={props.close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="filter-form">
            {t('filter-apply')}
          </Button>
        </>
      }
    >
      <form id="filter-form" onSubmit={submit}>
        <GroupEditor
          entity={entity}
          others={others}
          group={group}
          set={setGroup}
          level={1}
          fresh={fresh}
        />
      </form>
    </Dialog>
  );
}

/** A comparison to begin with. */
function testOf(entity: Entity, others: ReadonlyMap<string, Entity>, path: string): Filter {
  const to = reached(entity, path, others);
  const op = to ? (opsOf(to.field)[0] ?? 'eq') : 'eq';
  return { field: path, op, value: to ? startOf(to.field) : '' };
}
const startOf = (field: Field): string =>
  field.type === 'flag' ? 'true' : field.type === 'day' || field.type === 'instant' ? '@today' : '';

type GroupProps = {
  entity: Entity;
  others: ReadonlyMap<string, Entity>;
  group: Group;
  set: (group: Group) => void;
  level: number;
  fresh: () => Filter;
  drop?: () => void;
};

function GroupEditor({ entity, others, group, set, level, fresh, drop }: GroupProps) {
  const { t } = useWords();
  const at = (n: number, part: Tree | undefined): void =>
    set({
      ...group,
      parts: group.parts.flatMap((old, i) => (i !== n ? [old] : part ? [part] : [])),
    });
  const add = (part: Tree): void => set({ ...group, parts: [...group.parts, part] });
  const other: Join = group.join === 'and' ? 'or' : 'and';
  return (
    <fieldset className="conditions">
      <legend className="sr">{t('filter-group')}</legend>
      <div className="rowx">
        <select
          className="select"
          aria-label={t('filter-join')}
          value={group.join}
          onChange={(e) => set({ ...group, join: e.target.value as Join })}
        >
          <option value="and">{t('filter-all')}</option>
          <option value="or">{t('filter-any')}</option>
        </select>
        {drop && (
          <Button kind="ghost" aria-label={t('filter-drop-group')} onClick={drop}>
            <X aria-hidden />
          </Button>
        )}
      </div>
      {group.parts.map((part, n) =>
        isTest(part) ? (
          <TestEditor
            key={n}
            entity={entity}
            others={others}
            test={part}
            set={(next) => at(n, next)}
            drop={() => at(n, undefined)}
          />
        ) : (
          <GroupEditor
            key={n}
            entity={entity}
            others={others}
            group={part}
            set={(next) => at(n, next)}
            level={level + 1}
            fresh={fresh}
            drop={() => at(n, undefined)}
          />
        ),
      )}
      <div className="rowx">
        <Button kind="ghost" onClick={() => add(fresh())}>
          <Plus aria-hidden />
          {t('filter-more')}
        </Button>
        {level < LEVELS && (
          <Button kind="ghost" onClick={() => add({ join: other, parts: [fresh(), fresh()] })}>
            <Plus aria-hidden />
            {t(`filter-more-${other}`)}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

/** Fields that can be asked for, the entity's own first, then those one step away. */
function pathsOf(entity: Entity, others: ReadonlyMap<string, Entity>): Reached[] {
  const own = entity.fields.filter((f) => isForPeople(f) && (!f.custom || f.filterable));
  const away = own.flatMap((by) => {
    const to = by.ref && !by.custom ? others.get(by.ref) : undefined;
    const fields = to?.fields.filter((f) => isForPeople(f) && !f.personal && !f.custom) ?? [];
    return fields.map((field) => ({
      path: `${by.name}.${field.name}`,
      by,
      owner: to?.name ?? '',
      field,
    }));
  });
  const here = own.map((field) => ({
    path: field.name,
    by: undefined,
    owner: entity.name,
    field,
  }));
  return [...here, ...away];
}

type TestProps = {
  entity: Entity;
  others: ReadonlyMap<string, Entity>;
  test: Filter;
  set: (test: Filter) => void;
  drop: () => void;
};

function TestEditor({ entity, others, test, set, drop }: TestProps) {
  const { t, words } = useWords();
  const paths = pathsOf(entity, others);
  const to = paths.find((p) => p.path === test.field);
  const steps = [...new Set(paths.flatMap((p) => (p.by ? [p.by.name] : [])))];
  const option = (p: Reached) => (
    <option key={p.path} value={p.path}>
      {pathWords(words, entity, p)}
    </option>
  );
  const shownOp = test.op === 'empty' && test.value === 'no' ? 'filled' : test.op;
  const ops = to ? opsOf(to.field) : [];
  const choose = (op: string): void => {
    if (op === 'empty' || op === 'filled')
      set({ ...test, op: 'empty', value: op === 'empty' ? 'yes' : 'no' });
    else
      set({ ...test, op, value: test.op === 'empty' && to ? startOf(to.field) : test.value });
  };
  return (
    <div className="condition">
      <select
        className="select"
        aria-label={t('filter-field')}
        value={test.field}
        onChange={(e) => set(testOf(entity, others, e.target.value))}
      >
        {!to && <option value={test.field}>{test.field}</option>}
        {paths.filter((p) => !p.by).map(option)}
        {steps.map((by) => (
          <optgroup key={by} label={words.field(entity.name, by)}>
            {paths.filter((p) => p.by?.name === by).map(option)}
          </optgroup>
        ))}
      </select>
      <select
        className="select"
        aria-label={t('filter-op')}
        value={shownOp}
        onChange={(e) => choose(e.target.value)}
      >
        {!ops.includes(shownOp) && <option value={shownOp}>{words.t(`op-${shownOp}`)}</option>}
        {ops.map((op) => (
          <option key={op} value={op}>
            {opWords(words, op, to?.field)}
          </option>
        ))}
      </select>
      {to && test.op !== 'empty' && (
        <ValueEditor to={to} value={test.value} set={(value) => set({ ...test, value })} />
      )}
      <Button kind="ghost" aria-label={t('filter-drop-one')} onClick={drop}>
        <X aria-hidden />
      </Button>
    </div>
  );
}

function ValueEditor(props: { to: Reached; value: string; set: (value: string) => void }) {
  const { t } = useWords();
  const { field, owner } = props.to;
  const label = { 'aria-label': t('filter-value') };
  if (field.type === 'flag')
    return (
      <select
        {...label}
        className="select"
        value={props.value || 'true'}
        onChange={(e) => props.set(e.target.value)}
      >
        <option value="true">{t('yes')}</option>
        <option value="false">{t('no')}</option>
      </select>
    );
  if (field.type === 'day' || field.type === 'instant') return <WhenEditor {...props} />;
  const isText = field.type === 'text' || field.type === 'long_text';
  return (
    <Bare
      owner={owner}
      field={{ ...field, type: isText ? 'text' : field.type, required: !isText }}
      value={props.value}
      set={(v) => {
        const isFigure = ['money', 'qty', 'price', 'rate', 'int'].includes(field.type);
        const text = String(v ?? '');
        props.set(isFigure ? plain(text) : text);
      }}
      ids={label}
    />
  );
}

/** A day by the calendar, a named stretch of days, or so many days back or ahead. */
function WhenEditor({ value, set }: { value: string; set: (value: string) => void }) {
  const { t, words } = useWords();
  const days = counted(value);
  const named = PERIODS.includes(value.slice(1)) && value.startsWith('@') ? value : undefined;
  const day = /^@?(\d{4}-\d{2}-\d{2})/.exec(value)?.[1] ?? '';
  const kind = days ? days.way : (named ?? 'day');
  return (
    <>
      <select
        className="select"
        aria-label={t('filter-value')}
        value={kind}
        onChange={(e) => {
          const next = e.target.value;
          if (next === 'last' || next === 'next') set(`@${next}_7_days`);
          else set(next === 'day' ? '@' : next);
        }}
      >
        {PERIODS.map((name) => (
          <option key={name} value={`@${name}`}>
            {words.t(`period-${name.replaceAll('_', '-')}`)}
          </option>
        ))}
        <option value="last">{t('period-last')}</option>
        <option value="next">{t('period-next')}</option>
        <option value="day">{t('period-day')}</option>
      </select>
      {days && (
        <input
          className="input num"
          type="number"
          min={1}
          max={3660}
          required
          aria-label={t('period-days')}
          value={days.days}
          onChange={(e) => set(`@${days.way}_${e.target.value}_days`)}
        />
      )}
      {kind === 'day' && (
        <DayInput
          required
          aria-label={t('period-day')}
          value={day}
          set={(to) => set(`@${to}`)}
        />
      )}
    </>
  );
}
