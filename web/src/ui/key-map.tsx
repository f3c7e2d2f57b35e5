// All keys on one sheet, opened by `?`.
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import { Dialog } from './dialog.tsx';
import { places } from './nav.ts';
import { usePlaceName } from './shell.tsx';

const EVERYWHERE: [string, string][] = [
  ['Ctrl K', 'keys-palette'],
  ['/', 'keys-search'],
  ['?', 'keys-this'],
  ['Esc', 'keys-close'],
];
const IN_LISTS: [string, string][] = [
  ['j k ↓ ↑', 'keys-move'],
  ['Enter', 'keys-open'],
  ['x', 'keys-select'],
  ['n', 'keys-new'],
];
const IN_LINES: [string, string][] = [
  ['Enter', 'keys-down'],
  ['Tab', 'keys-right'],
  ['Ctrl V', 'keys-paste'],
  ['Ctrl Enter', 'keys-save'],
];

export function KeyMap({ close }: { close: () => void }) {
  const { t } = useWords();
  const may = useMay();
  const name = usePlaceName();
  const goes: [string, string][] = places()
    .filter((p) => p.go && (!p.needs || may(p.needs)))
    .map((p) => [`g ${p.go}`, name(p)]);
  const table = (title: string, keys: [string, string][]) => (
    <section className="keys-part" key={title}>
      <h3>{title}</h3>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key + what}>
            <dt>
              {key.split(' ').map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
  const said = (keys: [string, string][]): [string, string][] =>
    keys.map(([key, what]) => [key, t(what)]);
  return (
    <Dialog title={t('keys-title')} close={close} wide>
      <div className="keys">
        {table(t('keys-everywhere'), said(EVERYWHERE))}
        {table(t('keys-lists'), said(IN_LISTS))}
        {table(t('keys-lines'), said(IN_LINES))}
        {table(t('keys-go'), goes)}
      </div>
    </Dialog>
  );
}
