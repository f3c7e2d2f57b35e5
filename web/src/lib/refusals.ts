// What is wrong with a field, in the words of the page: the program names fields by their code, and
// a browser speaks the language of its menus.
import type { Words } from './i18n.tsx';
import { dashed } from './i18n.tsx';

/** `parties` is of `party`, `order_lines` of `order_line`. */
const single = (collection: string): string =>
  collection.replace(/ies$/, 'y').replace(/s$/, '');

/** The label of a field that a refusal of `collection` names, where the catalogue has one. */
export function labelOf(words: Words, collection: string, name: string): string | undefined {
  const owner = dashed(single(collection));
  const field = dashed(name);
  return (
    words.find(`field-${owner}-${field}`) ??
    words.find(`field-${owner}-line-${field}`) ??
    words.find(`field-${field}`)
  );
}

/** A refusal's sentence with the field's label where its code stands in quotation marks. */
export function spoken(
  words: Words | undefined,
  collection: string,
  title: string,
  names: (string | undefined)[],
): string {
  let said = title;
  for (const name of names) {
    const label = words && name && labelOf(words, collection, name);
    if (label)
      for (const [open, close] of ['“”', '""'] as const)
        said = said.replaceAll(`${open}${name}${close}`, `${open}${label}${close}`);
  }
  return said;
}

/** The permission that somebody lacks, beside what it is about in their own words. */
export function lacking(words: Words | undefined, title: string, permission: string): string {
  const about = words?.find(`entity-${dashed(permission.split('.')[1] ?? '')}`);
  return about ? title.replace(permission, `${about} · ${permission}`) : title;
}

/** The browser's own notes at inputs, in the words of the page; for as long as these are spoken. */
export function noteInputs(t: (key: string) => string): () => void {
  const name = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    input.setCustomValidity(t(input.validity.valueMissing ? 'input-missing' : 'input-unlike'));
  };
  const clear = (event: Event): void => (event.target as HTMLInputElement).setCustomValidity?.('');
  // What a screen filled in by itself tells nobody: each try begins without old notes.
  const begin = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[type=submit]');
    for (const input of button?.form?.elements ?? [])
      (input as HTMLInputElement).setCustomValidity?.('');
  };
  const heard = [['invalid', name], ['input', clear], ['change', clear], ['click', begin]] as const;
  for (const [kind, hear] of heard) document.addEventListener(kind, hear, true);
  return () => {
    for (const [kind, hear] of heard) document.removeEventListener(kind, hear, true);
  };
}
