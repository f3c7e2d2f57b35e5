// What a user may do, by the patterns of their grants; the program decides again on every request.
export type Grant = { permission: string; reach: 'own' | 'department' | 'all' };

/** Does a pattern (`*`, `sales.*`, `*.read`, `terms.credit*`) cover a permission? */
export function covers(pattern: string, permission: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === permission;
  const before = pattern.slice(0, star);
  const behind = pattern.slice(star + 1);
  return (
    permission.length >= before.length + behind.length &&
    permission.startsWith(before) &&
    permission.endsWith(behind)
  );
}

/** By a grant, and within what a stand-in was delegated. */
export const may = (
  grants: Grant[],
  permission: string,
  within: string[] | null = null,
): boolean =>
  grants.some((g) => covers(g.permission, permission)) &&
  (within === null || within.some((pattern) => covers(pattern, permission)));
