// The way to the API: JSON in and out, refusals as `Problem`, keys so that a repeat acts once.
import { OVER, actingHeader } from '../lib/acting.ts';
import { currentLang, currentWords } from '../lib/i18n.tsx';
import { lacking, spoken } from '../lib/refusals.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
/** Documents and masters as the API shows them. */
export type Order = Schemas['order'];
export type Invoice = Schemas['invoice'];

/** A row of any entity: decimals and ids are text. */
export type Row = { id: string; version?: number; [field: string]: unknown };
export type Page = { rows: Row[]; next: string | null; total: number | string | null };

/** A refusal by the program, already in the reader's language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(title);
  }
  /** The field that it is about, if any: it says so, or is a rule of the field, as `tax_id.checksum`. */
  get field(): string | undefined {
    return this.fields['field'] ?? this.code.split('.')[0];
  }
}

type Query = Record<string, string | string[] | number | undefined>;

function address(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '') params.append(name, String(one));
    }
  }
  const text = params.toString();
  return `/api/v1/${path}${text ? `?${text}` : ''}`;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, { credentials: 'same-origin', ...init });
    dispatchEvent(new Event('hl-online'));
    return response;
  } catch {
    dispatchEvent(new Event('hl-offline'));
    throw new Problem(0, 'web.offline', '');
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = (body ?? {}) as Partial<Problem> & { detail?: string };
  const collection = new URL(response.url).pathname.split('/')[3] ?? '';
  // A rule about fields names one by its code.
  const names = said.code?.startsWith('field.') ? [said.fields?.['field'], said.detail] : [];
  const title = spoken(currentWords(), collection, said.title ?? '', names);
  const problem = new Problem(
    response.status,
    said.code ?? 'web.no_answer',
    said.code === 'access.forbidden' ? lacking(currentWords(), title, said.detail ?? '') : title,
    said.fields ?? {},
  );
  if (problem.status === 401 && problem.code === 'access.sign_in_needed')
    dispatchEvent(new Event('hl-signed-out'));
  if (problem.code === 'delegation.none') dispatchEvent(new Event(OVER));
  return problem;
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const response = await ask(path, init);
  if (!response.ok) throw await problemOf(response);
  return (await response.json().catch(() => null)) as T;
}

const headers = (more: Record<string, string> = {}): Record<string, string> => ({
  'Accept-Language': currentLang(),
  ...actingHeader(),
  ...more,
});

export function get<T = Row>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return call<T>(address(path, query), { headers: headers(), signal: signal ?? null });
}

export type Send = {
  version?: number | undefined;
  key?: string;
  method?: 'POST' | 'PATCH';
  query?: Query;
};

/** A write. Without a key of its own it gets a new one, which the same press of a button keeps. */
export function send<T = Row>(path: string, body: unknown = {}, how: Send = {}): Promise<T> {
  const more: Record<string, string> = { 'Content-Type': 'application/json' };
  more['Idempotency-Key'] = how.key ?? newKey();
  if (how.version !== undefined) more['If-Match'] = `"${how.version}"`;
  return call<T>(address(path, how.query), {
    method: how.method ?? 'POST',
    headers: headers(more),
    body: JSON.stringify(body),
  });
}

/** Sends a file as it is; its name goes beside it. */
export function upload<T = Row>(path: string, file: File): Promise<T> {
  return call<T>(address(path), {
    method: 'POST',
    headers: headers({
      'Content-Type': 'application/octet-stream',
      'Huiliu-File': encodeURIComponent(file.name),
    }),
    body: file,
  });
}

/** Fetches a file and hands it to the browser; a refusal comes as a `Problem`. */
export async function download(path: string, query: Query): Promise<void> {
  const response = await ask(address(path, query), { headers: headers() });
  if (!response.ok) throw await problemOf(response);
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = decodeURIComponent(named?.[1] ?? 'export');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

export const list = (collection: string, query: Query, signal?: AbortSignal): Promise<Page> =>
  get<Page>(collection, query, signal);
