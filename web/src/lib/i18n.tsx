// Words in two languages from the catalogue that the program shares (`locales/`), by Fluent.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import table from 'virtual:words';
import { noteInputs } from './refusals.ts';
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';

export const LANGS = ['zh-CN', 'en'] as const;
export type Lang = (typeof LANGS)[number];
export type Args = Record<string, FluentVariable>;

/** Keys that name a label in the middle of what they say. */
const MIDDLE = new Set([
  'new-of',
  'open-of',
  'none-yet',
  'picker-hint',
  'list-search',
  'next-step',
]);

/** Labels of the tenant's own fields, by entity and field: no catalogue knows them. */
const taught = new Map<string, Record<string, string>>();
export function teach(owner: string, name: string, labels: Record<string, string>): void {
  taught.set(`${owner}.${name}`, labels);
}

/** A catalogue ready to speak. */
export class Words {
  private readonly bundle: FluentBundle;
  constructor(
    readonly lang: Lang,
    sources: string[],
  ) {
    this.bundle = new FluentBundle(lang, { useIsolating: false });
    for (const source of sources) this.add(source);
  }

  add(source: string): void {
    this.bundle.addResource(new FluentResource(source));
  }

  /** The words of a key, or nothing where the catalogue lacks it. */
  find(key: string, args?: Args): string | undefined {
    const [id = key, attribute] = key.split('.');
    const message = this.bundle.getMessage(id);
    const pattern = attribute ? message?.attributes[attribute] : message?.value;
    return pattern ? this.bundle.formatPattern(pattern, args) : undefined;
  }

  t(key: string, args?: Args): string {
    const what = args?.['what'];
    const said =
      typeof what === 'string' && MIDDLE.has(key) ? { ...args, what: this.within(what) } : args;
    const text = this.find(key, said);
    // A key that nobody wrote words for is a fault of ours; tests of the app stop at it.
    if (text === undefined) console.error(`no words for ${key} in ${this.lang}`);
    return text ?? key;
  }

  /** A label in the middle of a sentence: English writes it small there. */
  within(label: string): string {
    return this.lang === 'en' ? label.charAt(0).toLowerCase() + label.slice(1) : label;
  }

  private first(kind: string, owner: string, name: string): string {
    const own = this.find(`${kind}-${dashed(owner)}-${dashed(name)}`);
    return own ?? this.find(`${kind}-${dashed(name)}`) ?? name;
  }
  entity(name: string): string {
    return this.t(`entity-${dashed(name)}`);
  }
  entities(name: string): string {
    return this.t(`entity-${dashed(name)}.many`);
  }
  field(entity: string, name: string): string {
    const own = taught.get(`${entity}.${name}`)?.[this.lang];
    if (own) return own;
    return this.first('field', entity, name);
  }
  state(entity: string, name: string): string {
    return this.first('state', entity, name);
  }
  verb(entity: string, name: string): string {
    return this.first('verb', entity, name);
  }
  /** A value of a field that is one of a few. */
  option(entity: string, field: string, value: string): string {
    if (value === '') return '';
    if (field === 'state') return this.state(entity, value);
    const own = this.find(`option-${dashed(entity)}-${dashed(field)}-${dashed(value)}`);
    return own ?? this.find(`option-${dashed(field)}-${dashed(value)}`) ?? value;
  }
  activity(name: string): string {
    return this.find(`activity-${dashed(name)}`) ?? name;
  }
}

export const dashed = (text: string): string => text.replaceAll(/[_.]/g, '-');

/** Parts that screens opened so far asked for; a language spoken later learns them too. */
const wanted = new Set(['base']);
const spoken = new Map<Lang, Words>();
const fetched = new Map<string, Promise<void>>();

function fetchPart(words: Words, part: string): Promise<void> {
  const key = `${words.lang}/${part}`;
  const known = fetched.get(key);
  if (known) return known;
  const asked = table[words.lang]?.[part]?.().then((source) => words.add(source.default));
  const kept = (asked ?? Promise.resolve()).catch((error: unknown) => {
    fetched.delete(key);
    throw error;
  });
  fetched.set(key, kept);
  return kept;
}

/** A language with every part that is wanted, also those wanted while it came. */
export async function load(lang: Lang): Promise<Words> {
  const words = spoken.get(lang) ?? new Words(lang, []);
  spoken.set(lang, words);
  for (let had = 0; had < wanted.size; ) {
    had = wanted.size;
    await Promise.all([...wanted].map((part) => fetchPart(words, part)));
  }
  return words;
}

/** Brings the words of a part of the catalogue, in every language spoken so far. */
async function learn(part: string): Promise<void> {
  wanted.add(part);
  await Promise.all([currentLang(), ...spoken.keys()].map((lang) => load(lang)));
}

/** A screen with the parts of the catalogue that it speaks: it is never shown without them. */
export const learning =
  <T,>(parts: string, screen: () => Promise<T>): (() => Promise<T>) =>
  async () =>
    (await Promise.all([screen(), ...parts.split(' ').map(learn)]))[0];

/** The language asked for; requests say it too, so that refusals come in it. */
export function currentLang(): Lang {
  return document.documentElement.lang === 'en' ? 'en' : 'zh-CN';
}

/** The catalogue of that language, once it is here. */
export const currentWords = (): Words | undefined => spoken.get(currentLang());

type Speech = {
  words: Words;
  lang: Lang;
  t: (key: string, args?: Args) => string;
  setLang: (lang: Lang) => void;
};
const Context = createContext<Speech | null>(null);

export function Speaking({ children }: { children: ReactNode }) {
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let live = true;
    void load(currentLang()).then((loaded) => live && setWords(loaded));
    return () => {
      live = false;
    };
  }, []);
  const setLang = useCallback((lang: Lang) => {
    void load(lang).then((loaded) => {
      document.documentElement.lang = lang;
      localStorage.setItem('hl.lang', lang);
      setWords(loaded);
    });
  }, []);
  const speech = useMemo<Speech | null>(
    () => words && { words, lang: words.lang, t: (key, args) => words.t(key, args), setLang },
    [words, setLang],
  );
  useEffect(() => (speech ? noteInputs(speech.t) : undefined), [speech]);
  return speech ? <Context value={speech}>{children}</Context> : null;
}

export function useWords(): Speech {
  const speech = use(Context);
  if (!speech) throw new Error('useWords outside Speaking');
  return speech;
}
