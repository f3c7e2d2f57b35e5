// Rules that hold duties apart, in words: their names, documents, permissions and activities.
import { dashed, useWords } from '../lib/i18n.tsx';
import { permissionOf } from '../lib/permission.ts';

export function DutyText({ field, value }: { field: string; value: string }) {
  const { words } = useWords();
  if (field === 'code') return words.find(`duty-${dashed(value)}`) ?? value;
  if (field === 'entity') return words.entity(value);
  if (field !== 'first' && field !== 'second') return value;
  return words.find(`activity-${dashed(value)}`) ?? permissionOf(words, value);
}
