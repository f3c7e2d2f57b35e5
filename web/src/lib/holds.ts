// Why an order is held, in the reader's words; the program keeps the reason short.
import type { Words } from './i18n.tsx';
import { money, percent } from './number.ts';

const minor = (text: string): string =>
  `${text.slice(0, -2) || '0'}.${text.padStart(2, '0').slice(-2)}`;

export function holdReason(words: Words, kind: string, reason: string, currency: string): string {
  const credit = /^(\d+) > (\d+)$/.exec(reason);
  if (kind === 'credit' && credit) {
    const shown = (text: string | undefined): string =>
      money(words.lang, minor(text ?? '0'), currency);
    return words.t('hold-credit', { exposure: shown(credit[1]), limit: shown(credit[2]) });
  }
  const days = /^(\d+) d$/.exec(reason);
  if (kind === 'overdue' && days) return words.t('hold-overdue', { days: Number(days[1]) });
  const prepaid = /^([\d.]+) ([A-Z]{3})$/.exec(reason);
  if (kind === 'prepayment' && prepaid)
    return words.t('hold-prepayment', {
      amount: money(words.lang, prepaid[1], prepaid[2] ?? currency),
    });
  const discount = /^discount ([\d.]+)$/.exec(reason);
  if (kind === 'price' && discount)
    return words.t('hold-price', { discount: percent(words.lang, Number(discount[1]).toFixed(4)) });
  if (kind === 'data')
    return words.t('hold-data', {
      fields: reason
        .split(',')
        .map((name) => words.field('order', name))
        .join(words.t('list-comma')),
    });
  if (kind === 'stock') return words.t('hold-stock');
  if (kind === 'duplicate') return words.t('hold-duplicate', { number: reason });
  return reason;
}
