// In which currency a document is: the company's own, or one that a rate is known of.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay, useMe } from '../lib/session.tsx';
import { Labelled } from '../ui/parts.tsx';

type Props = {
  owner: string;
  /** Empty for the company's own. */
  value: string;
  set: (currency: string) => void;
  error?: string | undefined;
};

/** Nothing where a company deals in its own currency alone. */
export function CurrencyPicker({ owner, value, set, error }: Props) {
  const { words } = useWords();
  const { company } = useMe();
  const may = useMay();
  const rates = useQuery({
    queryKey: ['currencies', company.id],
    enabled: may('finance.exchange_rate.read'),
    staleTime: 60_000,
    queryFn: () =>
      get<{ groups: { value: string }[] }>('exchange_rates/groups', {
        by: 'currency',
        filter: [`base:eq:${company.currency}`],
      }),
  });
  const known = new Set((rates.data?.groups ?? []).map((group) => group.value));
  if (value) known.add(value);
  known.delete(company.currency);
  if (known.size === 0) return null;
  return (
    <Labelled label={words.field(owner, 'currency')} error={error}>
      {(ids) => (
        <select {...ids} className="select" value={value} onChange={(e) => set(e.target.value)}>
          <option value="">{company.currency}</option>
          {[...known].sort().map((code) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
