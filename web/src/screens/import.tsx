// The import wizard: files, how they are written, which column is what, what is wrong, and go.
// Everything said so far is one wish; the program reads the files again whenever it changes.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp, X } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import { newKey, send, upload } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Button, Labelled, Loading, Note } from '../ui/parts.tsx';
import { reason, useToastProblem } from '../ui/toast.tsx';
import { Checked } from './import-check.tsx';
import { Columns } from './import-columns.tsx';
import {
  type Kept,
  type Known,
  type Looked,
  NOTHING,
  type Style,
  type Wish,
  useKnown,
  useLook,
} from './import-data.ts';
import { Recent, Run } from './import-run.tsx';

const KEY = 'hl.import';
function kept(): Wish {
  try {
    return { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Wish>) };
  } catch {
    return NOTHING;
  }
}

export function ImportScreen() {
  const { t } = useWords();
  const { batch } = useSearch({ strict: false }) as { batch?: string };
  const known = useKnown();
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-import')}</h1>
        <span className="sub">{t('import-sub')}</span>
      </div>
      {known.error && <Note tone="bad">{reason(known.error, t)}</Note>}
      {known.isPending && <Loading lines={6} />}
      {known.data && (batch ? <Run id={batch} /> : <Wizard known={known.data} />)}
    </div>
  );
}

function Wizard({ known }: { known: Known }) {
  const { t } = useWords();
  const [wish, setWish] = useState<Wish>(kept);
  useEffect(() => sessionStorage.setItem(KEY, JSON.stringify(wish)), [wish]);
  const set = (change: Partial<Wish>): void => setWish((now) => ({ ...now, ...change }));
  const asked = useLook(wish);
  const looked = wish.files.length > 0 ? asked.data : undefined;
  const own = looked?.guess ?? undefined;
  return (
    <>
      <FilesCard known={known} wish={wish} set={set} />
      {wish.files.length === 0 && <Recent />}
      {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
      {wish.files.length > 0 && asked.isPending && <Loading lines={5} />}
      {(looked || asked.error) && wish.files.length > 0 && (
        <StyleCard known={known} wish={wish} set={set} looked={looked} />
      )}
      {looked && own && <Columns known={known} wish={wish} set={set} guess={own} />}
      {looked?.plan && <Checked wish={wish} set={set} plan={looked.plan} busy={asked.isFetching} />}
      {looked?.plan?.valid && !asked.error && (
        <Go wish={wish} set={set} own={own !== undefined} busy={asked.isFetching} />
      )}
    </>
  );
}

type Part = { known: Known; wish: Wish; set: (change: Partial<Wish>) => void };

function FilesCard({ known, wish, set }: Part) {
  const { t, lang } = useWords();
  const problem = useToastProblem();
  const [busy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const most = count(lang, Math.round(known.limit / 1024 / 1024));
  const take = async (files: File[]): Promise<void> => {
    if (files.length === 0) return;
    setBusy(true);
    try {
      const all: Kept[] = [];
      // One after the other: a phone's line carries no more.
      for (const file of files) all.push(await upload<Kept & { id: string }>('imports/files', file));
      const fresh = all.filter((f) => !wish.files.some((had) => had.digest === f.digest));
      set({ ...NOTHING, files: [...wish.files, ...fresh] });
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    void take(files);
  };
  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    void take([...event.dataTransfer.files]);
  };
  return (
    <section className="card" onDragOver={(e) => e.preventDefault()} onDrop={dropped}>
      <header>
        <h2>{t('import-files')}</h2>
        <span className="sp" />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept=".csv,.tsv,.txt,.xlsx,.xls,.vcf"
          aria-label={t('import-choose')}
          onChange={chosen}
        />
        <Button
          kind={wish.files.length === 0 ? 'primary' : ''}
          busy={busy}
          onClick={() => picker.current?.click()}
        >
          <FileUp size={15} aria-hidden />
          {t('import-choose')}
        </Button>
      </header>
      <div className="in">
        <p className="muted">{t('import-files-hint', { most })}</p>
        <ul className="plain">
          {wish.files.map((file) => (
            <li key={file.digest}>
              <span className="grow">{file.name}</span>
              <span className="muted">{count(lang, Math.ceil(file.size / 1024))} kB</span>
              <Button
                kind="ghost icon"
                aria-label={t('import-drop', { what: file.name })}
                onClick={() =>
                  set({ ...NOTHING, files: wish.files.filter((f) => f.digest !== file.digest) })
                }
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const CHOICES: Record<'encoding' | 'separator' | 'dates' | 'numbers', string[]> = {
  encoding: ['utf-8', 'gb18030', 'utf-16le', 'big5', 'windows-1252'],
  separator: [',', ';', 'tab', '|'],
  dates: ['dmy', 'mdy'],
  numbers: ['point', 'comma'],
};

/** How the files are written: what was found, and a say in each. */
function StyleCard({ known, wish, set, looked }: Part & { looked: Looked | undefined }) {
  const { t } = useWords();
  const found = looked?.plan?.files[0]?.style ?? looked?.guess?.style;
  const ways = Object.values(found?.columns ?? {});
  const seen: Style = {
    encoding: found?.encoding ?? '',
    separator: found?.separator === '\t' ? 'tab' : (found?.separator ?? ''),
    header: found ? String(found.header_line) : '',
    sheet: found?.sheet ?? '',
    dates: ways.find((way) => ['dmy', 'mdy', 'ymd'].includes(way)) ?? '',
    numbers: ways.find((way) => ['point', 'comma'].includes(way)) ?? '',
  };
  const say = (name: keyof Style, value: string): void =>
    set({ style: { ...wish.style, [name]: value || undefined }, edits: [] });
  const said = (name: keyof Style): string =>
    seen[name] ? t('import-found', { what: words(name, seen[name]) }) : t('import-by-itself');
  const words = (name: keyof Style, value: string): string =>
    name === 'dates' || name === 'numbers' ? t(`import-${name}-${value}`) : value;
  const choice = (name: keyof typeof CHOICES) => (
    <Labelled key={name} label={t(`import-${name}`)}>
      {(ids) => (
        <select
          {...ids}
          className="select"
          value={wish.style[name] ?? ''}
          onChange={(e) => say(name, e.target.value)}
        >
          <option value="">{said(name)}</option>
          {CHOICES[name].map((value) => (
            <option key={value} value={value}>
              {words(name, value)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
  const text = (name: 'header' | 'sheet') => (
    <Labelled label={t(`import-${name}`)}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          inputMode={name === 'header' ? 'numeric' : 'text'}
          placeholder={seen[name]}
          defaultValue={wish.style[name] ?? ''}
          onBlur={(e) =>
            e.target.value !== (wish.style[name] ?? '') && say(name, e.target.value.trim())
          }
        />
      )}
    </Labelled>
  );
  const isSheet = Boolean(seen.sheet || wish.style.sheet);
  return (
    <section className="card">
      <header>
        <h2>{t('import-style')}</h2>
      </header>
      <div className="in fields">
        <Labelled label={t('import-mapping')} hint={t('import-mapping-hint')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={wish.mapping}
              onChange={(e) =>
                set({ mapping: e.target.value, target: '', columns: [], edits: [] })
              }
            >
              <option value="">
                {looked?.mapping && !looked.guess
                  ? t('import-found', { what: looked.mapping })
                  : t('import-by-itself')}
              </option>
              {known.learnt.map((l) => (
                <option key={l.name} value={l.name}>
                  {l.name}
                </option>
              ))}
              {known.mappings
                .filter((name) => name !== 'tables')
                .map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
            </select>
          )}
        </Labelled>
        {!isSheet && choice('encoding')}
        {!isSheet && choice('separator')}
        {isSheet && text('sheet')}
        {text('header')}
        {choice('dates')}
        {choice('numbers')}
        <Labelled label={t('import-currency')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              maxLength={3}
              placeholder={known.currency}
              defaultValue={wish.currency}
              onBlur={(e) => set({ currency: e.target.value.trim().toUpperCase() })}
            />
          )}
        </Labelled>
        {wish.currency && wish.currency !== known.currency && (
          <Labelled label={t('import-rate')} hint={t('import-rate-hint')}>
            {(ids) => (
              <input
                {...ids}
                className="input num"
                inputMode="decimal"
                defaultValue={wish.rate}
                onBlur={(e) => set({ rate: e.target.value.trim() })}
              />
            )}
          </Labelled>
        )}
      </div>
    </section>
  );
}

/** The last step: a name for the columns, and the button. */
function Go({ wish, set, own, busy }: Omit<Part, 'known'> & { own: boolean; busy: boolean }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [going, setGoing] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [none, setNone] = useState(false);
  const key = useRef(newKey());
  const go = async (): Promise<void> => {
    setGoing(true);
    setRefused(null);
    try {
      const begun = await send<{ id: string | null }>('imports', wish, { key: key.current });
      if (begun.id) {
        sessionStorage.removeItem(KEY);
        await navigate({ to: '/import', search: { batch: begun.id } as never });
      } else {
        setNone(true);
      }
    } catch (error) {
      key.current = newKey();
      setRefused(error);
    } finally {
      setGoing(false);
    }
  };
  return (
    <section className="card">
      <div className="in stack">
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        {none && <Note>{t('import-nothing-new')}</Note>}
        {own && (
          <Labelled label={t('import-learn')} hint={t('import-learn-hint')}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                maxLength={60}
                value={wish.learn}
                onChange={(e) => set({ learn: e.target.value })}
              />
            )}
          </Labelled>
        )}
        <div className="rowx">
          <Button kind="primary" busy={going} disabled={busy} onClick={() => void go()}>
            {t('import-go')}
          </Button>
          <span className="muted">{t('import-go-hint')}</span>
        </div>
      </div>
    </section>
  );
}
