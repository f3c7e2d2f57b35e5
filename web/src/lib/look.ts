// Theme and density: a choice of this device, kept in its own storage.
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'cozy';

const read = (key: string): string | null => localStorage.getItem(key);
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());
const dark = matchMedia('(prefers-color-scheme: dark)');

function show(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

export const theme = (): Theme => (read('hl.theme') as Theme | null) ?? 'system';
export const density = (): Density => (read('hl.density') as Density | null) ?? 'compact';

export function setTheme(to: Theme): void {
  localStorage.setItem('hl.theme', to);
  show(to);
  tell();
}
export function setDensity(to: Density): void {
  localStorage.setItem('hl.density', to);
  document.documentElement.dataset['density'] = to;
  tell();
}
export function followSystemTheme(): void {
  dark.addEventListener('change', () => show(theme()));
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);
export const useDensity = (): Density => useSyncExternalStore(subscribe, density);
