// Where a list was left: how far it was scrolled, which row was marked, which were selected. It is
// given back to whoever goes back, not to whoever comes anew.

export type Left = { top: number; at: number; selected: ReadonlySet<string> };

/** Lists that are remembered: the last ones. */
const MOST = 20;
const left = new Map<string, Left>();
let isBack = false;
let isAsked = false;

/** Each step through the history says what it was; a filter that changes the address is no step. */
export function stepped(kind: string): void {
  if (kind === 'REPLACE') return;
  isBack = kind !== 'PUSH' || isAsked;
  isAsked = false;
}

/** The next step goes back to a list, though by a link. */
export const goingBack = (): void => {
  isAsked = true;
};

export function leave(address: string, state: Left): void {
  left.delete(address);
  left.set(address, state);
  for (const oldest of left.keys()) {
    if (left.size <= MOST) break;
    left.delete(oldest);
  }
}

/** Where it was left, if it is gone back to. */
export const leftAt = (address: string): Left | undefined =>
  isBack ? left.get(address) : undefined;
