// In whose place this tab acts: said with each request, kept while the tab is open, and by no other.
const KEY = 'hl.acting';
/** The program says that nothing is delegated any more. */
export const OVER = 'hl-acting-over';

export type Principal = { id: string; name: string };

export function acting(): Principal | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    const { id, name } = (kept ?? {}) as Partial<Principal>;
    return typeof id === 'string' && /^\d+$/.test(id) ? { id, name: String(name ?? '') } : null;
  } catch {
    return null;
  }
}

export function setActing(principal: Principal | null): void {
  if (principal) sessionStorage.setItem(KEY, JSON.stringify(principal));
  else sessionStorage.removeItem(KEY);
}

/** What requests say of it. */
export function actingHeader(): Record<string, string> {
  const principal = acting();
  return principal ? { 'Huiliu-Acting-For': principal.id } : {};
}
