// Permissions in words: `sales.order.submit` is *Sales orders · Submit*.
import { dashed, type Words } from './i18n.tsx';

/** What a permission lets one do, without of what. */
export function verbOf(words: Words, entity: string, verb: string): string {
  if (verb === 'read' || verb === 'write') return words.t(`right-${verb}`);
  return words.find(`right-${dashed(verb)}`) ?? words.verb(entity, verb);
}

/** The whole permission; of a pattern, which rooms and what in them. Others stay as written. */
export function permissionOf(words: Words, permission: string): string {
  if (permission === '*') return words.t('right-everything');
  const [room = '', entity = '', verb = ''] = permission.split('.');
  const all = words.t('right-everything');
  if (permission.includes('*')) {
    const of = words.find(`room-${dashed(room)}`);
    if (!of || (entity !== '*' && entity !== '')) return permission;
    return `${of} · ${verb === '' || verb === '*' ? all : verbOf(words, entity, verb)}`;
  }
  const own = words.find(`entity-${dashed(entity)}`) ?? words.find(`right-${dashed(entity)}`);
  return own ? `${own} · ${verbOf(words, entity, verb)}` : permission;
}
