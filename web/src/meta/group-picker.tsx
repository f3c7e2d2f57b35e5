// By which field a list's rows are grouped; the choice lives in the address.
import { useWords } from '../lib/i18n.tsx';
import type { ListSearch } from '../router.tsx';
import { type Entity, type Field, isForPeople } from './meta.ts';

const GROUPS = ['enum', 'ref', 'flag', 'day', 'text'];
/** Texts that say something about one row alone make no groups. */
const isAlone = (entity: Entity, field: Field): boolean =>
  field.name === entity.title || ['code', 'number', 'name'].includes(field.name);

export function groupable(entity: Entity): Field[] {
  return entity.fields.filter(
    (f) => isForPeople(f) && !f.personal && GROUPS.includes(f.type) && !isAlone(entity, f),
  );
}

export function GroupPicker(props: {
  entity: Entity;
  search: ListSearch;
  set: (change: Partial<ListSearch>) => void;
}) {
  const { entity, search, set } = props;
  const { t, words } = useWords();
  const fields = groupable(entity);
  if (fields.length === 0) return null;
  return (
    <select
      className="select group-by"
      aria-label={t('group-by')}
      value={search.by ?? ''}
      onChange={(e) => set({ by: e.target.value || undefined })}
    >
      <option value="">{t('group-none')}</option>
      {fields.flatMap((f) => {
        const name = words.field(entity.name, f.name);
        const own = (
          <option key={f.name} value={f.name}>
            {t('group-of', { field: name })}
          </option>
        );
        if (f.type !== 'day') return [own];
        return [
          <option key={`${f.name}.month`} value={`${f.name}.month`}>
            {t('group-month', { field: name })}
          </option>,
          <option key={`${f.name}.year`} value={`${f.name}.year`}>
            {t('group-year', { field: name })}
          </option>,
          own,
        ];
      })}
    </select>
  );
}
