// One row of a list. It is drawn anew only when something of it changed: a list that was scrolled far
// holds thousands of them.
import { Link } from '@tanstack/react-router';
import { memo, type MouseEvent } from 'react';
import type { Row } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import type { Inline } from './inline.tsx';
import type { Entity, Field } from './meta.ts';
import { Value, isFigure } from './show.tsx';

/** What pressing does; the same object for as long as the list stands. */
export type Acts = {
  open: (row: Row) => void;
  toggle: (id: string) => void;
  begin: (row: Row, field: Field) => void;
};
type Props = {
  entity: Entity;
  columns: Field[];
  row: Row;
  /** Marked by the keyboard. */
  at: boolean;
  on: boolean;
  marks: boolean;
  /** Names of the columns that are changed where they stand. */
  edits: ReadonlySet<string>;
  /** Given to the one row of which a cell is being changed. */
  inline: Inline | undefined;
  acts: Acts;
};

/** Whose names are long: on a phone they have a line of their own. */
const NAMED = new Set(['party', 'product', 'company']);
const isPress = (event: MouseEvent): boolean =>
  !(event.target as HTMLElement).closest('a,button,input,label') && !getSelection()?.toString();

export const ListRow = memo(function ListRow(props: Props) {
  const { entity, columns, row, at, on, marks, edits, inline, acts } = props;
  const { t, words } = useWords();
  const named = (column: Field): boolean =>
    column.name === entity.title || (entity.title === 'id' && column === columns[0]);
  const shown = (column: Field) =>
    named(column) ? (
      <Link
        className="no"
        to="/$collection/$id"
        params={{ collection: entity.collection, id: row.id }}
      >
        {row[column.name] ? (
          <Value owner={entity.name} field={column} row={row} plain />
        ) : (
          t('no-number')
        )}
      </Link>
    ) : (
      <Value owner={entity.name} field={column} row={row} />
    );
  return (
    <tr
      data-at={at || undefined}
      data-on={on || undefined}
      onClick={(event) => isPress(event) && acts.open(row)}
    >
      {marks && (
        <td className="mark">
          <input
            type="checkbox"
            aria-label={t('select-one', { what: String(row[entity.title] ?? row.id) })}
            checked={on}
            onChange={() => acts.toggle(row.id)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.name}
          className={
            `${isFigure(column) ? 'num' : ''} ${column.name === entity.title ? 'title' : ''} ${NAMED.has(column.ref ?? '') ? 'named' : ''}`.trim() ||
            undefined
          }
          data-label={words.field(entity.name, column.name)}
          data-edit={edits.has(column.name) || undefined}
          onClick={(event) => {
            if (!edits.has(column.name) || getSelection()?.toString()) return;
            event.stopPropagation();
            acts.begin(row, column);
          }}
        >
          {inline?.input(row, column) ?? shown(column)}
        </td>
      ))}
    </tr>
  );
});
