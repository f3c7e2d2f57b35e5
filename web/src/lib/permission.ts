// Permissions in words: `sales.order.submit` is *Sales orders · Submit*.
import { dashed, type Words } from './i18n.tsx';

/** What a permission lets one do, without of what. */
export function verbOf(words: Words, entity: string, verb: string): string {
  if (verb === 'read' || verb === 'write') return words.t(`right-${verb}`);
  return words.find(`right-${dashed(verb)}`) ?? words.verb(entity, verb);
}

/** The whole permission. What has no words, such as a pattern, stays as it is written. */
export function permissionOf(words: Words, permission: string): string {
  const [, entity = '', verb = ''] = permission.split('.');
  const own = words.find(`entity-${dashed(entity)}`) ?? words.find(`right-${dashed(entity)}`);
  return own && !permission.includes('*') ? `${own} · ${verbOf(words, entity, verb)}` : permission;
}
