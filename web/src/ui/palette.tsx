// Ctrl K: any record by number or name, any place, any command.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { Languages, Moon, Plus, Rows3 } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { density, setDensity, setTheme } from '../lib/look.ts';
import { useMay } from '../lib/session.tsx';
import { useIndex } from '../meta/meta.ts';
import { places } from './nav.ts';
import { usePlaceName } from './shell.tsx';

/** A record that was found. */
type Hit = {
  entity: string;
  collection: string;
  id: string;
  title: string;
  /** Words that it was found by beside its title: of a lead its person and company. */
  called?: string[];
  state: string | null;
  beside: string | null;
};
const NEW = ['order', 'lead', 'quote', 'party', 'product', 'payment', 'opportunity'];

export function Palette({ close }: { close: () => void }) {
  const { t, words, lang, setLang } = useWords();
  const [typed, setTyped] = useState('');
  const sought = useDeferredValue(typed.trim());
  const navigate = useNavigate();
  const may = useMay();
  const name = usePlaceName();
  const index = useIndex();
  const enough = /[\u3400-\u9fff]/.test(sought) ? 1 : 2;
  const found = useQuery({
    queryKey: ['search', sought],
    enabled: sought.length >= enough,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<{ rows: Hit[] }>('search', { q: sought, limit: 20 }, signal),
  });
  const go = (run: () => void) => () => {
    close();
    run();
  };
  const hits = sought.length >= enough ? (found.data?.rows ?? []) : [];
  // What was found last is at the top: Enter opens it.
  const top = hits[0] ? `${hits[0].entity}-${hits[0].id}` : undefined;
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
                {sought.length < enough ? t('palette-hint') : t('palette-none')}
              </Command.Empty>
              {hits.length > 0 && (
                <Command.Group heading={t('palette-records')}>
                  {hits.map((hit) => (
                    <Command.Item
                      key={hit.entity + hit.id}
                      value={`${hit.entity}-${hit.id}`}
                      onSelect={go(
                        () =>
                          void navigate({
                            to: '/$collection/$id',
                            params: { collection: hit.collection, id: hit.id },
                          }),
                      )}
                    >
                      <i
                        className="dot"
                        style={{ background: `var(--st-${hit.entity}, var(--line-2))` }}
                      />
                      <span className="what">
                        {hit.title || words.state(hit.entity, 'draft')}
                      </span>
                      {hit.called && hit.called.length > 0 && (
                        <span className="called">{hit.called.join(' · ')}</span>
                      )}
                      <span className="more">
                        {hit.state ? words.state(hit.entity, hit.state) : hit.beside}
                      </span>
                      <span className="k">{words.entity(hit.entity)}</span>
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
