// Ctrl K: any record by number or name, any place, any command.
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { Languages, Moon, Plus, Rows3 } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { list } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { density, setDensity, setTheme } from '../lib/look.ts';
import { useMay } from '../lib/session.tsx';
import { useIndex } from '../meta/meta.ts';
import { places } from './nav.ts';
import { usePlaceName } from './shell.tsx';

/** Where records are looked for, and what stands beside their title. */
const SOUGHT: [entity: string, more: string][] = [
  ['order', 'state'],
  ['party', 'code'],
  ['product', 'code'],
  ['quote', 'state'],
  ['lead', 'name'],
  ['opportunity', 'name'],
  ['invoice', 'state'],
  ['shipment', 'state'],
  ['payment', 'state'],
];
const NEW = ['order', 'lead', 'quote', 'party', 'product', 'payment', 'opportunity'];

export function Palette({ close }: { close: () => void }) {
  const { t, words, lang, setLang } = useWords();
  const [typed, setTyped] = useState('');
  const sought = useDeferredValue(typed.trim());
  const navigate = useNavigate();
  const may = useMay();
  const name = usePlaceName();
  const index = useIndex();
  const found = useQueries({
    queries: SOUGHT.map(([entity, more]) => {
      const known = index.find((e) => e.name === entity);
      return {
        queryKey: ['palette', entity, sought],
        enabled: Boolean(known) && sought.length >= 2,
        staleTime: 30_000,
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          list(
            known?.collection ?? '',
            { q: sought, limit: 5, count: 'no', fields: `${known?.title},${more}` },
            signal,
          ),
      };
    }),
  });
  const go = (run: () => void) => () => {
    close();
    run();
  };
  const hits = SOUGHT.flatMap(([entity, more], at) => {
    const known = index.find((e) => e.name === entity);
    return (found[at]?.data?.rows ?? []).map((row) => ({ entity, more, row, known }));
  });
  // What was found last is at the top: Enter opens it.
  const top = hits[0] ? `${hits[0].entity}-${hits[0].row.id}` : undefined;
  const [marked, setMarked] = useState('');
  useEffect(() => {
    if (top) setMarked(top);
  }, [top]);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="cmd">
          <Dialog.Title className="sr">{t('search')}</Dialog.Title>
          <Command
            label={t('search')}
            shouldFilter={false}
            loop
            value={marked}
            onValueChange={setMarked}
          >
            <Command.Input
              autoFocus
              value={typed}
              onValueChange={setTyped}
              placeholder={t('palette-hint')}
            />
            <Command.List label={t('palette-results')}>
              <Command.Empty>
                {sought.length < 2 ? t('palette-hint') : t('palette-none')}
              </Command.Empty>
              {hits.length > 0 && (
                <Command.Group heading={t('palette-records')}>
                  {hits.map(({ entity, more, row, known }) => (
                    <Command.Item
                      key={entity + row.id}
                      value={`${entity}-${row.id}`}
                      onSelect={go(
                        () =>
                          void navigate({
                            to: '/$collection/$id',
                            params: { collection: known?.collection ?? '', id: row.id },
                          }),
                      )}
                    >
                      <i
                        className="dot"
                        style={{ background: `var(--st-${entity}, var(--line-2))` }}
                      />
                      <span className="what">
                        {String(row[known?.title ?? 'id'] || words.state(entity, 'draft'))}
                      </span>
                      <span className="more">
                        {more === 'state'
                          ? words.state(entity, String(row[more] ?? ''))
                          : String(row[more] ?? '')}
                      </span>
                      <span className="k">{words.entity(entity)}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('palette-go')}>
                {places()
                  .filter((p) => (!p.needs || may(p.needs)) && fits(name(p), sought))
                  .map((p) => (
                    <Command.Item
                      key={p.to}
                      value={`go-${p.to}`}
                      onSelect={go(() => void navigate({ to: p.to }))}
                    >
                      <p.icon aria-hidden />
                      {name(p)}
                      {p.go && <span className="k">g {p.go}</span>}
                    </Command.Item>
                  ))}
              </Command.Group>
              <Command.Group heading={t('palette-commands')}>
                {NEW.map((entity) => index.find((e) => e.name === entity && e.create))
                  .filter((known) => known !== undefined)
                  .map((known) => ({
                    known,
                    label: t('new-of', { what: words.entity(known.name) }),
                  }))
                  .filter(({ label }) => fits(label, sought))
                  .map(({ known, label }) => (
                    <Command.Item
                      key={known.name}
                      value={`new-${known.name}`}
                      onSelect={go(
                        () =>
                          void navigate({
                            to: '/$collection/new',
                            params: { collection: known.collection },
                          }),
                      )}
                    >
                      <Plus aria-hidden />
                      {label}
                    </Command.Item>
                  ))}
                {fits('theme 主题 深色 dark', sought) && (
                  <Command.Item
                    value="theme"
                    onSelect={go(() =>
                      setTheme(
                        document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark',
                      ),
                    )}
                  >
                    <Moon aria-hidden />
                    {t('theme-toggle')}
                  </Command.Item>
                )}
                {fits('density 密度', sought) && (
                  <Command.Item
                    value="density"
                    onSelect={go(() => setDensity(density() === 'cozy' ? 'compact' : 'cozy'))}
                  >
                    <Rows3 aria-hidden />
                    {t('density-toggle')}
                  </Command.Item>
                )}
                {fits('language 语言 english 中文', sought) && (
                  <Command.Item
                    value="lang"
                    onSelect={go(() => setLang(lang === 'en' ? 'zh-CN' : 'en'))}
                  >
                    <Languages aria-hidden />
                    {lang === 'en' ? '切换到中文' : 'Switch to English'}
                  </Command.Item>
                )}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const fits = (label: string, sought: string): boolean =>
  label.toLowerCase().includes(sought.toLowerCase());
