// What an address says behind its path, as the app reads and writes it.

export function parseSearch(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === 'filter')
      found['filter'] = [...((found['filter'] as string[] | undefined) ?? []), value];
    else found[name] = value;
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '' && one !== null) params.append(name, String(one));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** What of a list's address a view keeps, always in one order. */
const KEPT = ['q', 'filter', 'where', 'sort', 'by', 'cols', 'view'];

export function keptOf(search: Record<string, unknown>): string {
  const kept = KEPT.filter((name) => search[name] !== undefined).map((name) => [name, search[name]]);
  return stringifySearch(Object.fromEntries(kept)).slice(1);
}

/** A list's address that says what a view keeps, and nothing else of that. */
export function askedBy(asked: string): Record<string, unknown> {
  return { ...Object.fromEntries(KEPT.map((name) => [name, undefined])), ...parseSearch(asked) };
}
