import { expect, test } from 'vitest';
import { capital } from './capital.ts';

test('an amount is written as on paper', () => {
  const cases: [string, string][] = [
    ['0', '零元整'],
    ['0.05', '伍分'],
    ['0.50', '伍角整'],
    ['10', '壹拾元整'],
    ['11719.52', '壹万壹仟柒佰壹拾玖元伍角贰分'],
    ['1003.05', '壹仟零叁元零伍分'],
    ['100000', '壹拾万元整'],
    ['100010.00', '壹拾万零壹拾元整'],
    ['20300000', '贰仟零叁拾万元整'],
    ['100000001.10', '壹亿零壹元壹角整'],
    ['123456789012.34', '壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分'],
    ['-98.00', '负玖拾捌元整'],
  ];
  for (const [amount, said] of cases) expect(capital(amount)).toBe(said);
  expect(capital('x')).toBe('');
});
