// Lines entered like in a spreadsheet: Enter goes down, Tab right, a block from Excel fills cells.
import { X } from 'lucide-react';
import { useRef, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { parse, plain } from '../lib/number.ts';
import { Button } from './parts.tsx';
import { Picker } from './picker.tsx';

export type Line = Record<string, string>;
export type GridColumn = {
  key: string;
  label: string;
  kind: 'product' | 'figure' | 'shown';
  /** What stands in an empty cell, or in a cell that only shows. */
  hint?: (at: number) => ReactNode;
  placeholder?: (at: number) => string;
};
type Props = {
  columns: GridColumn[];
  lines: Line[];
  set: (to: (now: Line[]) => Line[]) => void;
  /** What is wrong with a line, by its number from 0. */
  errors?: Record<number, string>;
  label: string;
  save?: () => void;
};

export const MOST_LINES = 2000;

/** A block as Excel and WPS copy it: rows by line, cells by tab. */
export const cellsOf = (text: string): string[][] =>
  text
    .replace(/\r/g, '')
    .replace(/\n+$/, '')
    .split('\n')
    .map((row) => row.split('\t').map((cell) => cell.trim()));

/** The ids of products by code, else by their whole name. */
async function productsOf(texts: string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(texts.filter(Boolean))];
  const found = new Map<string, string>();
  for (const field of ['code', 'name'] as const) {
    const left = wanted.filter((text) => !found.has(text));
    for (let at = 0; at < left.length; at += 100) {
      const some = left.slice(at, at + 100).filter((text) => !text.includes(','));
      if (some.length === 0) continue;
      const page = await list('products', {
        filter: `${field}:in:${some.join(',')}`,
        fields: field,
        limit: 200,
        count: 'no',
      });
      for (const row of page.rows) found.set(String(row[field]), row.id);
    }
  }
  return found;
}

export function LineGrid({ columns, lines, set, errors = {}, label, save }: Props) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const entered = columns.filter((c) => c.kind !== 'shown');
  const focus = (row: number, key: string): void => {
    requestAnimationFrame(() => {
      const input = box.current?.querySelector<HTMLInputElement>(
        `[data-cell="${row}-${key}"] input`,
      );
      input?.focus();
      input?.select();
    });
  };
  const change = (row: number, key: string, value: string): void =>
    set((now) => now.map((l, n) => (n === row ? { ...l, [key]: value } : l)));
  const addLine = (then?: string): void => {
    if (lines.length >= MOST_LINES) return;
    set((now) => [...now, {}]);
    focus(lines.length, then ?? entered[0]?.key ?? '');
  };
  const key = (event: KeyboardEvent, row: number, column: GridColumn): void => {
    if (event.nativeEvent.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault();
      save?.();
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'Backspace') {
      event.preventDefault();
      drop(row);
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      if (row + 1 < lines.length) focus(row + 1, column.key);
      else if (event.key === 'Enter') addLine(column.key);
    } else if (event.key === 'ArrowUp') {
      event.preventDefault();
      if (row > 0) focus(row - 1, column.key);
    } else if (
      event.key === 'Tab' &&
      !event.shiftKey &&
      row === lines.length - 1 &&
      column === entered[entered.length - 1] &&
      lines[row]?.['product']
    ) {
      event.preventDefault();
      addLine();
    }
  };
  const drop = (row: number): void => {
    set((now) => (now.length > 1 ? now.filter((_, n) => n !== row) : [{}]));
    focus(Math.max(0, row - 1), entered[0]?.key ?? '');
  };
  const paste = (event: ClipboardEvent, row: number, column: GridColumn): void => {
    const cells = cellsOf(event.clipboardData.getData('text'));
    if (cells.length === 1 && cells[0]?.length === 1) return;
    event.preventDefault();
    const first = entered.indexOf(column);
    const products = entered.findIndex((c) => c.kind === 'product') - first;
    void productsOf(products >= 0 ? cells.map((r) => r[products] ?? '') : []).then((found) => {
      set((now) => {
        const next = now.map((l) => ({ ...l }));
        cells.slice(0, MOST_LINES - row).forEach((values, down) => {
          const line = (next[row + down] ??= {});
          values.forEach((value, right) => {
            const to = entered[first + right];
            if (!to) return;
            if (to.kind === 'product') {
              line[to.key] = found.get(value) ?? '';
              line['unknown'] = found.has(value) ? '' : value;
            } else if (parse(value) !== undefined)
              line[to.key] = plain(value);
          });
        });
        return next;
      });
    });
  };
  return (
    <div className="line-grid" ref={box} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th className="no">{t('line-no')}</th>
            {columns.map((c) => (
              <th key={c.key} className={c.kind === 'product' ? undefined : 'num'}>
                {c.label}
              </th>
            ))}
            <th className="end">
              <span className="sr">{t('line-remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, row) => (
            // Lines have no name of their own; their place is what they are known by.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={row} className={errors[row] || line['unknown'] ? 'bad' : undefined}>
              <td className="no">{row + 1}</td>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-cell={`${row}-${column.key}`}
                  data-label={column.label}
                  className={column.kind === 'product' ? 'prod' : 'num'}
                >
                  {column.kind === 'shown' ? (
                    column.hint?.(row)
                  ) : column.kind === 'product' ? (
                    <>
                      <Picker
                        entity="product"
                        className="cell"
                        filter={['active:eq:true']}
                        value={line[column.key] ?? ''}
                        aria-label={`${column.label} ${row + 1}`}
                        aria-invalid={line['unknown'] ? true : undefined}
                        onPick={(id) => {
                          set((now) =>
                            now.map((l, n) =>
                              n === row ? { ...l, [column.key]: id, unknown: '' } : l,
                            ),
                          );
                          if (id) focus(row, entered[1]?.key ?? '');
                        }}
                        onKeyDown={(event) => key(event, row, column)}
                        onPaste={(event) => paste(event, row, column)}
                      />
                      {line['unknown'] && (
                        <small className="err">
                          {t('line-unknown', { what: line['unknown'] })}
                        </small>
                      )}
                    </>
                  ) : (
                    <>
                      <input
                        className="cell num"
                        inputMode="decimal"
                        autoComplete="off"
                        aria-label={`${column.label} ${row + 1}`}
                        placeholder={column.placeholder?.(row) ?? ''}
                        aria-invalid={
                          line[column.key] && parse(line[column.key] ?? '') === undefined
                            ? true
                            : undefined
                        }
                        value={line[column.key] ?? ''}
                        onChange={(event) => change(row, column.key, event.target.value)}
                        onKeyDown={(event) => key(event, row, column)}
                        onPaste={(event) => paste(event, row, column)}
                      />
                      {column.hint?.(row)}
                    </>
                  )}
                </td>
              ))}
              <td className="end">
                <button
                  type="button"
                  className="btn ghost icon"
                  aria-label={t('line-remove-one', { line: row + 1 })}
                  onClick={() => drop(row)}
                >
                  <X aria-hidden />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {Object.entries(errors).map(([row, error]) => (
        <p key={row} className="err" role="alert">
          {t('line-error', { line: Number(row) + 1, error })}
        </p>
      ))}
      <div className="rowx">
        <Button kind="ghost" onClick={() => addLine()}>
          {t('line-add')}
        </Button>
        <span className="muted only-wide">{t('line-hint')}</span>
      </div>
    </div>
  );
}

/** What is sent of the lines: those with a product, plain decimals. */
export function sentLines(lines: Line[], keys: string[]): Record<string, string>[] {
  return lines
    .filter((l) => l['product'])
    .map((l) =>
      Object.fromEntries(
        keys.filter((k) => l[k]).map((k) => [k, plain(l[k] ?? '')]),
      ),
    );
}
