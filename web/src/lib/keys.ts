// Keys for the whole window. Typing into a field never triggers one but those with Ctrl.
import { useEffect, useRef } from 'react';

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  Boolean(target.closest('input:not([type=checkbox]),textarea,select,[contenteditable]'));

/** Is something open over the page that keys belong to? */
export const isCovered = (): boolean => document.querySelector('.dialog, .cmd, .menu') !== null;

type Keys = Record<string, (event: KeyboardEvent) => void>;

/** `ctrl+k`, `?`, `j`, `g o` (one after the other within a second). */
export function useKeys(keys: Keys, enabled = true): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!enabled) return;
    let first = '';
    let at = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || event.altKey) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!command && (isTyping(event.target) || isCovered())) return;
      const name = command
        ? `ctrl+${key}`
        : first && Date.now() - at < 1000
          ? `${first} ${key}`
          : key;
      const run = latest.current[name] ?? (command ? undefined : latest.current[key]);
      first = '';
      if (run) {
        event.preventDefault();
        run(event);
      } else if (!command && key === 'g') {
        first = 'g';
        at = Date.now();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [enabled]);
}
