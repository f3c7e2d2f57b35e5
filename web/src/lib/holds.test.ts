import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdReason } from './holds.ts';
import { Words } from './i18n.tsx';

const words = (lang: 'en' | 'zh-CN'): Words =>
  new Words(
    lang,
    ['fields', 'web'].map((file) =>
      readFileSync(new URL(`../../../locales/${lang}/${file}.ftl`, import.meta.url), 'utf8'),
    ),
  );

test('holds say their reason with the amounts that they are about', () => {
  const en = words('en');
  const says = (kind: string, fields: object): string =>
    holdReason(en, { id: '1', version: 1, kind, currency: '', ...fields }, 'CNY');
  const over = says('credit', { found: '59355.20', bound: '50000.00' });
  expect(over).toContain('¥59,355.20');
  expect(over).toContain('¥50,000.00');
  expect(says('overdue', { days: 92 })).toContain('92');
  expect(says('price', { discount: '0.179999493' })).toContain('18%');
  expect(says('prepayment', { bound: '300.00', found: '0.00', currency: 'USD' })).toContain('300');
  const lacks = { id: '1', version: 1, kind: 'data', about: 'ship_to,requested_on' };
  expect(holdReason(words('zh-CN'), lacks, 'CNY')).toContain('收货地址');
});
