// Rows of a list in groups: how many, and sums of their figures; a group leads to its rows.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import type { ListSearch } from '../router.tsx';
import { Empty, Loading, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { write } from './filters.ts';
import { type Entity, type Field, fieldOf, isForPeople } from './meta.ts';
import { Value } from './show.tsx';

type Group = {
  value: string | number | boolean | null;
  currency: string | null;
  count: number;
  sums: Record<string, string>;
};
type Answer = { groups: Group[]; more: boolean };

/** Figures worth summing without being asked: the amounts that a list shows. */
const summed = (entity: Entity): Field[] =>
  entity.fields.filter((f) => f.type === 'money' && f.in_list && isForPeople(f)).slice(0, 4);

export function Groups(props: {
  entity: Entity;
  search: ListSearch;
  set: (change: Partial<ListSearch>) => void;
}) {
  const { entity, search, set } = props;
  const { t, words, lang } = useWords();
  const { company } = useMe();
  const by = search.by ?? '';
  const [name = '', step] = by.split('.');
  const field = fieldOf(entity.fields, name);
  const figures = summed(entity);
  const asked = useQuery({
    queryKey: ['list', entity.collection, 'groups', by, search.q, search.filter, search.where],
    queryFn: ({ signal }) =>
      get<Answer>(
        `${entity.collection}/groups`,
        {
          by,
          sum: figures.map((f) => f.name).join(),
          q: search.q,
          filter: search.filter,
          where: search.where,
        },
        signal,
      ),
  });
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data || !field) return <Loading lines={6} />;
  const { groups, more } = asked.data;
  if (groups.length === 0)
    return (
      <div className="card grow">
        <Empty title={t('none-found')} text={t('none-found-text')} />
      </div>
    );
  const open = (group: Group): void => {
    const test =
      group.value === null || group.value === ''
        ? { field: name, op: 'empty', value: 'yes' }
        : { field: name, op: 'eq', value: step ? `@${group.value}` : String(group.value) };
    set({ by: undefined, filter: [...(search.filter ?? []), write(test)] });
  };
  const label = words.field(entity.name, name);
  return (
    <>
      <div
        className="card grid grow"
        role="region"
        tabIndex={0}
        aria-label={t('group-of', { field: label })}
      >
        <table>
          <thead>
            <tr>
              <th>{label}</th>
              <th className="num">{t('group-count')}</th>
              {figures.map((f) => (
                <th key={f.name} className="num">
                  {words.field(entity.name, f.name)}
                  <small> {company.currency}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={`${group.value} ${group.currency}`} onClick={() => open(group)}>
                <td className="title" data-label={label}>
                  <button type="button" className="linkish" onClick={() => open(group)}>
                    <Named entity={entity} field={field} group={group} step={step} />
                  </button>
                </td>
                <td className="num" data-label={t('group-count')}>
                  {count(lang, group.count)}
                </td>
                {figures.map((f) => (
                  <td key={f.name} className="num" data-label={words.field(entity.name, f.name)}>
                    <Value
                      owner={entity.name}
                      field={f}
                      row={{ id: '', [f.name]: group.sums[f.name], currency: group.currency }}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="foot" role="status">
        <span>
          {t('group-shown', { count: count(lang, groups.length), more: more ? 'yes' : 'no' })}
        </span>
      </div>
    </>
  );
}

function Named(props: { entity: Entity; field: Field; group: Group; step: string | undefined }) {
  const { entity, field, group, step } = props;
  const { t } = useWords();
  if (group.value === null || group.value === '') return <>{t('filter-nothing')}</>;
  if (step || field.type === 'flag') {
    const text = field.type === 'flag' ? t(group.value === true ? 'yes' : 'no') : group.value;
    return <>{String(text)}</>;
  }
  return (
    <Value owner={entity.name} field={field} row={{ id: '', [field.name]: group.value }} plain />
  );
}
