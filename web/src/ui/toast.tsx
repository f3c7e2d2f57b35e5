// Short notices that go by themselves; refusals stay until they are read.
import { X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { Problem } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';

type Toast = {
  id: number;
  text: string;
  tone: 'ok' | 'bad';
  action?: { label: string; run: () => void };
};

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const change = (to: Toast[]): void => {
  toasts = to;
  for (const listener of listeners) listener();
};

export function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
  change([...toasts.slice(-3), { id: next++, text, tone: 'ok', ...more }]);
}
const drop = (id: number): void => change(toasts.filter((t) => t.id !== id));

/** What a refusal says; where the program could not be asked, the app's own words. */
export function reason(error: unknown, t: (key: string) => string): string {
  if (error instanceof Problem)
    return error.title || t(error.status === 0 ? 'problem-offline' : 'problem-unknown');
  return t('problem-unknown');
}

export function useToastProblem(): (error: unknown) => void {
  const { t } = useWords();
  return (error) => toast(reason(error, t), { tone: 'bad' });
}

function One({ it }: { it: Toast }) {
  const { t } = useWords();
  const lasts = it.tone === 'bad' ? 12_000 : it.action ? 6000 : 4000;
  useEffect(() => {
    const timer = setTimeout(() => drop(it.id), lasts);
    return () => clearTimeout(timer);
  }, [it.id, lasts]);
  return (
    <div className={`toast ${it.tone}`}>
      <span className="sp">{it.text}</span>
      {it.action && (
        <button
          type="button"
          onClick={() => {
            it.action?.run();
            drop(it.id);
          }}
        >
          {it.action.label}
        </button>
      )}
      <button type="button" aria-label={t('close')} onClick={() => drop(it.id)}>
        <X size={15} aria-hidden />
      </button>
    </div>
  );
}

export function Toasts() {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map((it) => (
        <One key={it.id} it={it} />
      ))}
    </div>
  );
}
