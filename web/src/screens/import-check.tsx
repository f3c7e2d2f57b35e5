// What is wrong, beside the cell that it is about, and mended there; else what an import would do.
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Note, Tag } from '../ui/parts.tsx';
import {
  type Edit,
  type Fault,
  type Plan,
  type Staged,
  type Wish,
  columnName,
  kindName,
  sumName,
} from './import-data.ts';

type Props = { wish: Wish; set: (change: Partial<Wish>) => void; plan: Plan; busy: boolean };

export function Checked({ wish, set, plan, busy }: Props) {
  const { t, lang } = useWords();
  const whole = plan.errors.filter((f) => !plan.rows.some((row) => isOf(f, row)));
  return (
    <section className="card" aria-busy={busy}>
      <header>
        <h2>{t('import-check')}</h2>
        <Tag tone={plan.valid ? 'ok' : 'bad'}>
          {plan.valid
            ? t('import-good')
            : t('import-bad', { count: count(lang, plan.error_count) })}
        </Tag>
      </header>
      <div className="in stack">
        {whole.map((fault) => (
          <Note key={`${fault.file}:${fault.line}:${fault.column}:${fault.code}`} tone="bad">
            {place(t, fault)} {fault.message}
          </Note>
        ))}
        {plan.valid && <Counts plan={plan} />}
        {!plan.valid && plan.rows.length > 0 && <p className="muted">{t('import-mend')}</p>}
        <Rows wish={wish} set={set} plan={plan} />
        {plan.error_count > plan.errors.length && (
          <p className="muted">
            {t('import-more-errors', { count: count(lang, plan.error_count - plan.errors.length) })}
          </p>
        )}
        <Notes plan={plan} />
      </div>
    </section>
  );
}

const isOf = (fault: Fault, row: Staged): boolean =>
  fault.file === row.file && fault.line === row.line && fault.column in row.cells;

const place = (t: (key: string, args: Record<string, string>) => string, f: Fault): string =>
  f.line > 0 ? t('import-place', { file: f.file, line: String(f.line) }) : f.file;

function Notes({ plan }: { plan: Plan }) {
  if (plan.notes.length === 0) return null;
  return (
    <ul className="plain notes">
      {plan.notes.map((note) => (
        <li key={`${note.code}:${note.message}`} className="muted">
          {note.message}
        </li>
      ))}
    </ul>
  );
}

function Counts({ plan }: { plan: Plan }) {
  const { t, words, lang } = useWords();
  return (
    <div className="facts">
      {Object.entries(plan.counts).map(([kind, c]) => (
        <div key={kind}>
          <dt>{kindName(words, kind)}</dt>
          <dd>
            {t('import-count', {
              new: count(lang, c.new),
              same: count(lang, c.unchanged),
              changed: count(lang, c.changed),
            })}
          </dd>
        </div>
      ))}
      {Object.entries(plan.sums).map(([name, sum]) => (
        <div key={name}>
          <dt>{sumName(words, name)}</dt>
          <dd>{sum}</dd>
        </div>
      ))}
    </div>
  );
}

/** Rows with each cell; one at fault is an input with what is wrong below it. */
function Rows({ wish, set, plan }: Omit<Props, 'busy'>) {
  const { t, words } = useWords();
  const kinds = [...new Set(plan.rows.map((row) => row.is))];
  const mend = (row: Staged, column: string, value: string): void => {
    const edit: Edit = { file: row.file, line: row.line, column, value };
    const others = wish.edits.filter(
      (e) => e.file !== row.file || e.line !== row.line || e.column !== column,
    );
    set({ edits: [...others, edit] });
  };
  return kinds.map((kind) => {
    const rows = plan.rows.filter((row) => row.is === kind);
    const columns = Object.keys(rows[0]?.cells ?? {}).filter(
      (name) =>
        rows.some((row) => row.cells[name]) ||
        plan.errors.some((f) => f.column === name && rows.some((row) => isOf(f, row))),
    );
    return (
      <div
        key={kind}
        className="scroll staged"
        tabIndex={0}
        role="region"
        aria-label={t('import-rows', { what: kind })}
      >
        <table className="lines">
          <thead>
            <tr>
              <th className="num">{t('import-line')}</th>
              {columns.map((name) => (
                <th key={name}>{columnName(words, name)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.file}:${row.line}`}>
                <td className="num muted">{row.line}</td>
                {columns.map((name) => (
                  <Cell
                    key={name}
                    name={columnName(words, name)}
                    value={row.cells[name] ?? ''}
                    fault={plan.errors.find((f) => f.column === name && isOf(f, row))}
                    mend={(value) => mend(row, name, value)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  });
}

function Cell(props: {
  /** Our column, in words. */
  name: string;
  value: string;
  fault: Fault | undefined;
  mend: (value: string) => void;
}) {
  if (!props.fault) return <td>{props.value}</td>;
  const was = props.fault.value;
  const id = `wrong-${props.fault.line}-${props.fault.column}`;
  return (
    <td className="wrong">
      <input
        className="input"
        aria-label={`${props.name} ${props.fault.line}`}
        aria-invalid
        aria-describedby={id}
        defaultValue={was}
        onKeyDown={(e) => {
          if (e.key === 'Enter') e.currentTarget.blur();
          if (e.key === 'Escape') e.currentTarget.value = was;
        }}
        onBlur={(e) => e.target.value !== was && props.mend(e.target.value)}
      />
      <span className="err" id={id}>
        {props.fault.message.replaceAll(props.fault.column, props.name)}
      </span>
    </td>
  );
}
