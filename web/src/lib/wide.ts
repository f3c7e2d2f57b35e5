// How wide the window is, for screens that take another form on a phone.
import { useSyncExternalStore } from 'react';

/** Up to here a list is cards and a drawing is a list: as `data.css` has it. */
export const PHONE = 640;
/** Up to here there is no room beside the navigation. */
export const NARROW = 820;

/** Is the window at most so many pixels wide? Follows it. */
export function useUpTo(width: number): boolean {
  const asked = `(max-width: ${width}px)`;
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(asked);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(asked).matches,
  );
}
