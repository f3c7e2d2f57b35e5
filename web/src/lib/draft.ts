// What was typed is never lost: a form keeps its draft on this device until it is sent.
import { useEffect, useState } from 'react';

export function useDraft<T>(
  name: string,
  initial: T,
): [T, (to: T | ((now: T) => T)) => void, () => void, boolean] {
  const key = `hl.draft.${name}`;
  const [restored] = useState(() => read<T>(key));
  const [value, set] = useState<T>(restored ?? initial);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (JSON.stringify(value) !== JSON.stringify(initial))
        localStorage.setItem(key, JSON.stringify(value));
    }, 300);
    return () => clearTimeout(timer);
    // The initial value only says what need not be kept.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, value]);
  const forget = (): void => {
    localStorage.removeItem(key);
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
