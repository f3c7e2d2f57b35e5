// Leads as a funnel: how many of those that the filters leave came how far, and what they are worth.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Filter as FunnelIcon } from 'lucide-react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compact, isZero } from '../lib/number.ts';
import { useMay, useMe } from '../lib/session.tsx';
import { read, write } from '../meta/filters.ts';
import { useListSearch } from '../meta/list-screen.tsx';
import type { Entity } from '../meta/meta.ts';
import Funnel, { type Step } from '../ui/chart-funnel.tsx';
import { Failed } from '../ui/frames.tsx';
import { Empty, Loading } from '../ui/parts.tsx';

type Groups = { groups: { count: number; currency: string | null; sums: Record<string, string> }[] };
type Asked = { collection: string; money: string; filter: string[]; where?: string | undefined };

/** Conditions of a lead's own, by which each step leaves fewer; what another system told of a lead
 * may lack the first answer. */
const STEPS: { key: string; where?: unknown[]; color: string }[] = [
  { key: 'came', color: 'lead' },
  {
    key: 'answered',
    color: 'lead',
    where: [
      ['first_response_at', 'empty', 'no'],
      ['state', 'in', ['working', 'qualified', 'converted']],
    ],
  },
  { key: 'qualified', color: 'opportunity', where: [['state', 'in', ['qualified', 'converted']]] },
  { key: 'converted', color: 'quote', where: [['state', 'eq', 'converted']] },
];

/** The conditions of leads as those of opportunities that came of them; nothing where they cannot
 * be said one step away. */
function ofLeads(filters: string[]): string[] | undefined {
  const tests = filters.map(read);
  if (tests.some((test) => !test || test.field.includes('.'))) return undefined;
  return tests.flatMap((test) => (test ? [write({ ...test, field: `lead.${test.field}` })] : []));
}

export function LeadFunnel({ entity }: { entity: Entity }) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const may = useMay();
  const [search] = useListSearch();
  const navigate = useNavigate();
  const filters = search.filter ?? [];
  const won = may('crm.opportunity.read') && !search.q && !search.where ? ofLeads(filters) : undefined;
  const steps = STEPS.map(({ key, where, color }) => ({
    key,
    color,
    asked: {
      collection: 'leads',
      money: 'est_amount',
      filter: filters,
      where: joined(search.where, where),
    },
  }));
  if (won)
    steps.push({
      key: 'won',
      color: 'cash',
      asked: {
        collection: 'opportunities',
        money: 'amount',
        filter: [...won, 'state:eq:won', 'lead:empty:no'],
        where: undefined,
      },
    });
  const told = useQuery({
    queryKey: ['list', 'leads', 'funnel', steps, search.q],
    queryFn: ({ signal }) =>
      Promise.all(
        steps.map(async ({ asked }) => {
          const { collection, money, filter, where } = asked as Asked;
          const query = { by: 'state', sum: money, filter, where, q: search.q };
          const { groups } = await get<Groups>(`${collection}/groups`, query, signal);
          const own = groups.filter((g) => !g.currency || g.currency === company.currency);
          return {
            count: groups.reduce((all, g) => all + g.count, 0),
            worth: add(own.map((g) => g.sums[money] ?? '0')),
          };
        }),
      ),
  });
  if (told.error) return <Failed error={told.error} again={told.refetch} />;
  if (!told.data) return <Loading lines={6} />;
  if ((told.data[0]?.count ?? 0) === 0)
    return (
      <div className="card grow">
        <Empty icon={<FunnelIcon aria-hidden />} title={t('none-found')} text={t('none-found-text')} />
      </div>
    );
  const shown: Step[] = steps.map(({ key, color, asked }, n) => {
    const worth = told.data[n]?.worth ?? '0';
    return {
      key,
      color,
      label: t(`funnel-${key}`),
      count: told.data[n]?.count ?? 0,
      worth: isZero(worth) ? undefined : compact(lang, worth, company.currency),
      open: () =>
        void navigate({
          to: '/$collection',
          params: { collection: asked.collection },
          search: { filter: asked.filter.length > 0 ? asked.filter : undefined, where: asked.where, q: search.q },
        } as never),
    };
  });
  return (
    <section className="card" aria-label={t('view-funnel')}>
      <div className="in">
        <Funnel
          name={`${t('view-funnel')} · ${entity.name === 'lead' ? t('funnel-came') : ''}`}
          steps={shown}
          heads={[t('funnel-step'), t('group-count'), t('funnel-share')]}
        />
      </div>
    </section>
  );
}

/** The address's own tree and this step's conditions, of which one must hold. */
function joined(where: string | undefined, or: unknown[] | undefined): string | undefined {
  if (!or) return where;
  const step = or.length === 1 ? or[0] : { or };
  return JSON.stringify(where ? { and: [JSON.parse(where), step] } : { and: [step] });
}
