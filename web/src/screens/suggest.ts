// Which invoices a payment most likely pays: those it names, else one of its very amount, else the
// oldest first.
import type { Row } from '../api/client.ts';
import { compare, parse, text } from '../lib/number.ts';

export function suggest(free: string, reference: string, owed: Row[]): Record<string, string> {
  const named = owed.filter((row) => reference.includes(String(row['number'])));
  const exact = owed.find((row) => compare(String(row['open']), free) === 0);
  const order = named.length > 0 ? named : exact ? [exact] : owed;
  const pays: Record<string, string> = {};
  let left = parse(free) ?? 0n;
  for (const row of order) {
    const open = parse(String(row['open'])) ?? 0n;
    const part = open < left ? open : left;
    if (part <= 0n) break;
    pays[row.id] = text(part);
    left -= part;
  }
  return pays;
}
