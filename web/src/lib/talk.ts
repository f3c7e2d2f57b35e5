// Talk on records: comments, who is called in them, and tasks. In a kept text a person stands as
// `@{id}`; while one writes, by name.

export type Comment = {
  id: string;
  text: string;
  made_by: string;
  made_at: string;
  changed_at: string | null;
  withdrawn_at: string | null;
  own: boolean;
};
/** Names by id. */
export type Names = Record<string, string>;
export type Comments = { rows: Comment[]; people: Names; longest: number };
export type Reader = { id: string; name: string; login: string };
export type Task = {
  id: string;
  version: number;
  kind: 'other' | 'call' | 'mail' | 'visit' | 'meeting';
  title: string;
  details: string;
  state: 'todo' | 'doing' | 'done' | 'dropped';
  due: string | null;
  for_user: string;
  asked_by: string;
  asked_at: string;
  outcome: string;
  ended_at: string | null;
  verbs: string[];
  document?: { entity: string; collection: string; id: string; title: string } | null;
};
export type Tasks = { rows: Task[]; people: Names; today: string };

/** How a task stands to its day. */
export const standing = (task: Task, today: string): 'late' | 'today' | 'later' | 'ended' => {
  if (task.state === 'done' || task.state === 'dropped') return 'ended';
  if (!task.due || task.due > today) return 'later';
  return task.due === today ? 'today' : 'late';
};

export type Part = string | { id: string; name: string };

/** A kept text in parts: words, and people by their names of today. */
export function partsOf(text: string, people: Names): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const called of text.matchAll(/@\{(\d+)\}/g)) {
    const [whole, id = ''] = called;
    if (called.index > from) parts.push(text.slice(from, called.index));
    parts.push({ id, name: people[id] ?? id });
    from = called.index + whole.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** Who was chosen while writing: ids by what stands in the text behind its `@`. */
export type Called = Record<string, string>;
export type Written = { text: string; called: Called };

/** What is sent: everyone who was chosen and still stands in the text, as `@{id}`. */
export function toSent({ text, called }: Written): string {
  // Longer names first, so that no name is taken for the beginning of another one.
  const names = Object.keys(called).sort((a, b) => b.length - a.length);
  let sent = '';
  for (let at = 0; at < text.length; ) {
    const name = names.find((one) => text.startsWith(`@${one}`, at));
    sent += name === undefined ? text.charAt(at) : `@{${called[name]}}`;
    at += name === undefined ? 1 : name.length + 1;
  }
  return sent;
}

/** A kept text as one writes it. */
export function toWritten(text: string, people: Names): Written {
  const called: Called = {};
  const written = partsOf(text, people).map((part) => {
    if (typeof part === 'string') return part;
    const name = nameFor(part, called);
    called[name] = part.id;
    return `@${name}`;
  });
  return { text: written.join(''), called };
}

/** A name that calls nobody else: a namesake gets something behind it. */
function nameFor(person: { id: string; name: string }, called: Called, login = person.id): string {
  const other = called[person.name];
  return other === undefined || other === person.id ? person.name : `${person.name}(${login})`;
}

/** What is typed behind the `@` (or `＠`) before the caret, and where that stands. None in a mail
 *  address, behind a space, or for more than a name has. */
export function calling(text: string, caret: number): { from: number; typed: string } | null {
  const found = /(^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠{}]{0,20})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  return { from: found.index + (found[1] ?? '').length, typed: found[2] ?? '' };
}

/** The text with somebody in the place of what was typed, and where the caret then stands. */
export function call(
  written: Written,
  place: { from: number; typed: string },
  person: Reader,
): Written & { caret: number } {
  const name = nameFor(person, written.called, person.login);
  const before = `${written.text.slice(0, place.from)}@${name} `;
  const rest = written.text.slice(place.from + 1 + place.typed.length);
  const text = before + rest.replace(/^ /, '');
  return { text, called: { ...written.called, [name]: person.id }, caret: before.length };
}
