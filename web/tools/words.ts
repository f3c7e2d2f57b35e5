// Parts of the catalogue: what comes with the first screen, and what comes with later ones. A
// section of web.ftl that begins with `# part office: …` belongs to the part `office`; names of
// activities are the part `activity`. Everything else is the base.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

export const LANGS = ['zh-CN', 'en'] as const;
const HOME = resolve(import.meta.dirname, '../../locales');
const MARK = 'virtual:words';

/** Messages of a catalogue by part. Notes and empty lines stay at home. */
export function partsOf(fields: string, web: string): Map<string, string> {
  const parts = new Map<string, string>([['base', '']]);
  const add = (part: string, text: string): void => {
    parts.set(part, (parts.get(part) ?? '') + text);
  };
  for (const [message] of fields.matchAll(/^[a-z][\w-]* =.*\n(?: +.*\n)*/gm))
    add(message.startsWith('activity-') ? 'activity' : 'base', message);
  for (const section of web.split(/^(?=# )/m)) {
    const part = /^# part ([a-z]+):/.exec(section)?.[1] ?? 'base';
    add(part, section.replaceAll(/^#.*\n|^\n/gm, ''));
  }
  return parts;
}

export function partsIn(lang: string): Map<string, string> {
  const read = (file: string): string => readFileSync(resolve(HOME, lang, file), 'utf8');
  return partsOf(read('fields.ftl'), read('web.ftl'));
}

/** `virtual:words` is a table of loaders, by language and part. */
export function words(): Plugin {
  return {
    name: 'huiliu-words',
    resolveId(id) {
      return id.startsWith(MARK) ? `\0${id}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${MARK}`)) return undefined;
      const [, lang, part] = id.split('/');
      if (lang && part) {
        for (const file of ['fields.ftl', 'web.ftl']) this.addWatchFile(resolve(HOME, lang, file));
        return `export default ${JSON.stringify(partsIn(lang).get(part) ?? '')};`;
      }
      const loaders = LANGS.map((of) => {
        const each = [...partsIn(of).keys()].map(
          (name) => `${name}: () => import(${JSON.stringify(`${MARK}/${of}/${name}`)})`,
        );
        return `${JSON.stringify(of)}: { ${each.join(', ')} }`;
      });
      return `export default { ${loaders.join(', ')} };`;
    },
  };
}

/** The file name of a part's script says what it is, so that bytes can be counted. */
export function wordsChunk(facade: string | null | undefined): string | undefined {
  const [, lang, part] = /virtual:words\/([\w-]+)\/([a-z]+)$/.exec(facade ?? '') ?? [];
  return part ? `assets/words-${lang}-${part}-[hash].js` : undefined;
}
