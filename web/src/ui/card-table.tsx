// A table of a detail or a report. On a phone each row is a card: its cells say their heads.
import { type TableHTMLAttributes, useLayoutEffect, useRef } from 'react';

/** From here on a cell takes the whole width of its card. */
const LONG = 24;

export function CardTable({ className = '', ...more }: TableHTMLAttributes<HTMLTableElement>) {
  const table = useRef<HTMLTableElement>(null);
  // Rows come and go, columns too, and names come when they are known.
  useLayoutEffect(() => {
    const drawn = table.current;
    if (!drawn) return;
    label(drawn);
    const seen = new MutationObserver(() => label(drawn));
    seen.observe(drawn, { childList: true, characterData: true, subtree: true });
    return () => seen.disconnect();
  }, []);
  return <table ref={table} className={`lines cards ${className}`.trim()} {...more} />;
}

function label(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const row of table.querySelectorAll<HTMLTableRowElement>('tbody tr, tfoot tr'))
    for (const [at, cell] of [...row.cells].entries()) {
      cell.dataset['label'] = heads[at]?.textContent ?? '';
      cell.toggleAttribute('data-long', (cell.textContent ?? '').length > LONG);
    }
}
