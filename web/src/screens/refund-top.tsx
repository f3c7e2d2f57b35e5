// Above a refund that nobody was asked for: by which amount, and what of its source it was measured by.
import { useWords } from '../lib/i18n.tsx';
import { money } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import type { DetailProps } from '../meta/registry.ts';
import { useRow } from '../meta/row.tsx';
import { Note } from '../ui/parts.tsx';

export function RefundTop({ row }: DetailProps) {
  if (row['by_rule'] !== true) return null;
  return <ByRule row={row} />;
}

function ByRule({ row }: Pick<DetailProps, 'row'>) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const source = useRow(
    row['payment'] ? 'payments' : 'invoices',
    String(row['payment'] ?? row['credit_note'] ?? ''),
  );
  const shown = (name: string): string => money(lang, row[name], company.currency);
  return (
    <Note>
      {t('refund-by-rule', {
        number: String(source.data?.['number'] ?? '…'),
        sum: shown('rule_sum_base'),
        amount: shown('rule_amount_base'),
      })}
    </Note>
  );
}
