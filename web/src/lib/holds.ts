// Why an order is held, in the reader's words, from the hold's fields.
import type { Row } from '../api/client.ts';
import type { Words } from './i18n.tsx';
import { money, percent } from './number.ts';

export function holdReason(words: Words, hold: Row, base: string): string {
  const currency = String(hold['currency'] || base);
  const shown = (field: string): string => money(words.lang, hold[field], currency);
  switch (String(hold['kind'])) {
    case 'credit':
      if (hold['about'] === 'blocked') return words.state('credit_account', 'blocked');
      return words.t('hold-credit', { exposure: shown('found'), limit: shown('bound') });
    case 'overdue':
      return words.t('hold-overdue', { days: Number(hold['days'] ?? 0) });
    case 'prepayment':
      return words.t('hold-prepayment', { amount: shown('bound'), paid: shown('found') });
    case 'price':
      return words.t('hold-price', { discount: percent(words.lang, String(hold['discount'])) });
    case 'data':
      return words.t('hold-data', {
        fields: String(hold['about'] ?? '')
          .split(',')
          .map((name) => words.field('order', name))
          .join(words.t('list-comma')),
      });
    case 'stock':
      return words.t('hold-stock');
    case 'duplicate':
      return words.t('hold-duplicate', { number: String(hold['about'] ?? '') });
    default:
      return String(hold['about'] ?? '');
  }
}
