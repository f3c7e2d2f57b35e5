// An amount of yuan in capital characters, as Chinese documents write it beside the figures.
import { parse } from './number.ts';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/** Four digits: 1003 is 壹仟零叁. */
function group(four: string): string {
  let said = '';
  let gap = false;
  [...four].forEach((digit, at) => {
    if (digit === '0') gap = said !== '';
    else {
      said += (gap ? '零' : '') + DIGITS[Number(digit)] + PLACES[four.length - 1 - at];
      gap = false;
    }
  });
  return said;
}

function whole(digits: string): string {
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  const groups = padded.match(/\d{4}/g) ?? [];
  let said = '';
  let gap = false;
  groups.forEach((four, at) => {
    const text = group(four);
    if (!text) gap = said !== '';
    else {
      said += (said && (gap || four.startsWith('0')) ? '零' : '') + text;
      said += GROUPS[groups.length - 1 - at] ?? '';
      gap = false;
    }
  });
  return said;
}

/** `11719.52` is 壹万壹仟柒佰壹拾玖元伍角贰分; nothing where it is no amount. */
export function capital(amount: unknown): string {
  const value = parse(String(amount ?? ''));
  if (value === undefined) return '';
  const negative = value < 0n;
  // Amounts have two places; what is finer was never one.
  const fen = (negative ? -value : value) / 10_000_000n;
  const yuan = (fen / 100n).toString();
  const [jiao, rest] = [Number((fen / 10n) % 10n), Number(fen % 10n)];
  const big = yuan === '0' ? '' : whole(yuan);
  let said = big ? `${big}元` : '';
  if (jiao === 0 && rest === 0) said = `${said || '零元'}整`;
  else {
    if (jiao > 0) said += `${DIGITS[jiao]}角`;
    else if (said) said += '零';
    said += rest > 0 ? `${DIGITS[rest]}分` : '整';
  }
  return (negative ? '负' : '') + said;
}
