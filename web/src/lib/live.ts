// Live updates: the program says which rows changed, and what is shown of them is fetched again.
//
// One tab of a browser listens for all of them (a browser opens few connections to one place), and
// what arrives close together is fetched once.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meKey } from './session.tsx';

export type Change = { entity: string; collection: string; id: string; version?: number };
type Told = { changes: Change[] } | { reset: true };

/** Changes that arrive within this time are fetched together, and not by all tabs at once. */
const GATHER = 700;
const SPREAD = 500;
/** Sums over many rows are fetched again no more often than this. */
const SUMS = 5000;
/** A refused or closed line is tried again after. */
const AGAIN = 15_000;

/** Sums and stories that any change may change; by the first word of their key. */
const SUM_KEYS = new Set([
  'river',
  'desk',
  'chain',
  'billing',
  'balances',
  'credit',
  'overdue',
  'owed',
  'pick-list',
  'to-match',
]);
const LIST_KEYS = new Set(['list', 'board', 'related']);
const ROW_KEYS = new Set(['row', 'facts']);

/** Is a question about one of the changed rows, and what is kept older than they are? */
export function isTouched(key: readonly unknown[], data: unknown, changes: Change[]): boolean {
  const [kind, of, id] = key;
  if (kind === 'inbox') return changes.some((c) => c.entity === 'inbox');
  if (kind === 'my-tasks') return changes.some((c) => ['inbox', 'task'].includes(c.entity));
  if (kind === 'title') return changes.some((c) => c.entity === of && c.id === id);
  const mine = changes.filter((c) => c.collection === of);
  if (LIST_KEYS.has(String(kind))) return mine.some((c) => !isKnown(data, c));
  if (ROW_KEYS.has(String(kind))) return mine.some((c) => c.id === id && !isKnown(data, c));
  return false;
}

/** Does what is kept hold this very version? One's own change was fetched already. */
function isKnown(data: unknown, change: Change): boolean {
  if (!change.version) return false;
  const seen = (row: unknown): boolean => {
    const { id, version } = (row ?? {}) as { id?: string; version?: number };
    return id === change.id && typeof version === 'number' && version >= (change.version ?? 0);
  };
  const pages = (data as { pages?: { rows?: unknown[] }[] } | undefined)?.pages;
  const rows = pages ? pages.flatMap((page) => page.rows ?? []) : rowsOf(data);
  return seen(data) || rows.some(seen);
}

const rowsOf = (data: unknown): unknown[] => (data as { rows?: unknown[] } | undefined)?.rows ?? [];

/** Fetches what is shown and touched; what is not shown is fetched when somebody looks at it. */
class Gatherer {
  private waiting: Change[] = [];
  private timer = 0;
  private sums = 0;
  private summed = 0;
  constructor(private readonly client: QueryClient) {}

  take(told: Told): void {
    if ('reset' in told) {
      void this.client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'meta' });
      return;
    }
    this.waiting.push(...told.changes);
    if (!this.timer)
      this.timer = window.setTimeout(() => this.fetch(), GATHER + Math.random() * SPREAD);
  }

  private fetch(): void {
    const changes = this.waiting;
    [this.waiting, this.timer] = [[], 0];
    void this.client.invalidateQueries({
      predicate: (query) => isTouched(query.queryKey, query.state.data, changes),
    });
    if (this.sums) return;
    const wait = Math.max(0, this.summed + SUMS - Date.now());
    this.sums = window.setTimeout(() => {
      [this.sums, this.summed] = [0, Date.now()];
      void this.client.invalidateQueries({
        predicate: (query) => SUM_KEYS.has(String(query.queryKey[0])),
      });
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.sums);
  }
}

/** Listens until told to stop. */
function listen(tell: (told: Told) => void, ended: () => void, signal: AbortSignal): void {
  const source = new EventSource('/api/v1/live');
  signal.addEventListener('abort', () => source.close());
  source.addEventListener('change', (event) => tell(JSON.parse(event.data as string) as Told));
  source.addEventListener('reset', () => tell({ reset: true }));
  source.addEventListener('end', ended);
  source.addEventListener('error', () => {
    // A lost line the browser opens again by itself; one that was refused it does not.
    if (source.readyState !== EventSource.CLOSED || signal.aborted) return;
    const timer = setTimeout(() => !signal.aborted && listen(tell, ended, signal), AGAIN);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

/** Keeps what is shown up to date for as long as somebody is signed in. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const gatherer = new Gatherer(client);
    const others = new BroadcastChannel('hl-live');
    others.onmessage = (event: MessageEvent<Told>) => gatherer.take(event.data);
    const tell = (told: Told): void => {
      gatherer.take(told);
      others.postMessage(told);
    };
    const ended = (): void => void client.invalidateQueries({ queryKey: meKey });
    const begin = (): void => listen(tell, ended, stop.signal);
    // Locks need an encrypted way or this machine; without them each tab listens for itself.
    if (navigator.locks) {
      const held = new Promise<void>((done) =>
        stop.signal.addEventListener('abort', () => done()),
      );
      navigator.locks
        .request('hl-live', { signal: stop.signal }, () => {
          begin();
          return held;
        })
        .catch(() => undefined);
    } else {
      begin();
    }
    return () => {
      stop.abort();
      gatherer.stop();
      others.close();
    };
  }, [client]);
}
