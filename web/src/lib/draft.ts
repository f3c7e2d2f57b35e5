// What was typed is never lost: a form keeps its draft on this device until it is sent.
import { useEffect, useState } from 'react';

const PREFIX = 'hl.draft.';
const CHANGED = 'hl-unsent';
/** Editors on the screen that hold something which no draft keeps. */
const editing = new Set<symbol>();
const tell = (): void => void dispatchEvent(new Event(CHANGED));

/** How many edits were not sent yet: drafts on this device, and open editors with changes. */
export function unsent(): number {
  let drafts = 0;
  for (let at = 0; at < localStorage.length; at += 1)
    if (localStorage.key(at)?.startsWith(PREFIX)) drafts += 1;
  return drafts + editing.size;
}

export function useUnsentCount(): number {
  const [count, setCount] = useState(unsent);
  useEffect(() => {
    const again = (): void => setCount(unsent());
    addEventListener(CHANGED, again);
    return () => removeEventListener(CHANGED, again);
  }, []);
  return count;
}

/** Counts an editor while what it holds differs from what was sent. */
export function useUnsent(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const mine = Symbol('editor');
    editing.add(mine);
    tell();
    return () => {
      editing.delete(mine);
      tell();
    };
  }, [changed]);
}

export function useDraft<T>(
  name: string,
  initial: T,
): [T, (to: T | ((now: T) => T)) => void, () => void, boolean] {
  const key = PREFIX + name;
  const [restored] = useState(() => read<T>(key));
  const [value, set] = useState<T>(restored ?? initial);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (JSON.stringify(value) === JSON.stringify(initial)) return;
      localStorage.setItem(key, JSON.stringify(value));
      tell();
    }, 300);
    return () => clearTimeout(timer);
    // The initial value only says what need not be kept.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, value]);
  const forget = (): void => {
    localStorage.removeItem(key);
    tell();
    set(initial);
  };
  return [value, set, forget, restored !== undefined];
}

function read<T>(key: string): T | undefined {
  try {
    const kept = localStorage.getItem(key);
    return kept ? (JSON.parse(kept) as T) : undefined;
  } catch {
    return undefined;
  }
}
