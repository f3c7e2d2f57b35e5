// The catalogue of the app, so that tests find things by what people read, in both languages.
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';

const dashed = (text) => text.replaceAll(/[_.]/g, '-');

export function words(lang) {
  const bundle = new FluentBundle(lang, { useIsolating: false });
  for (const file of ['fields', 'web']) {
    bundle.addResource(
      new FluentResource(
        readFileSync(new URL(`../../locales/${lang}/${file}.ftl`, import.meta.url), 'utf8'),
      ),
    );
  }
  const find = (key, args) => {
    const [id, attribute] = key.split('.');
    const message = bundle.getMessage(id);
    const pattern = attribute ? message?.attributes[attribute] : message?.value;
    return pattern ? bundle.formatPattern(pattern, args) : undefined;
  };
  const t = (key, args) => {
    const said = find(key, args);
    if (said === undefined) throw new Error(`no words for ${key} in ${lang}`);
    return said;
  };
  const first = (kind, owner, name) =>
    find(`${kind}-${dashed(owner)}-${dashed(name)}`) ?? t(`${kind}-${dashed(name)}`);
  const within = (text) => (lang === 'en' ? text.charAt(0).toLowerCase() + text.slice(1) : text);
  return {
    lang,
    t,
    field: (owner, name) => first('field', owner, name),
    state: (owner, name) => first('state', owner, name),
    verb: (owner, name) => first('verb', owner, name),
    entity: (name) => t(`entity-${dashed(name)}`),
    newOf: (name) => t('new-of', { what: within(t(`entity-${dashed(name)}`)) }),
    openOf: (name) => t('open-of', { what: within(t(`entity-${dashed(name)}`)) }),
  };
}
