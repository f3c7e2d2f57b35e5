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
  expect(holdReason(en, 'credit', '5935520 > 5000000', 'CNY')).toContain('¥59,355.20');
  expect(holdReason(en, 'overdue', '92 d', 'CNY')).toContain('92');
  expect(holdReason(en, 'price', 'discount 0.179999493', 'CNY')).toContain('18%');
  expect(holdReason(words('zh-CN'), 'data', 'ship_to,requested_on', 'CNY')).toContain('收货地址');
  expect(holdReason(en, 'customer', 'wait for us', 'CNY')).toBe('wait for us');
});
