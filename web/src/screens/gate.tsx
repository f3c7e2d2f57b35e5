// The frame of the screens before one is signed in.
import type { ReactNode } from 'react';
import { type Lang, useWords } from '../lib/i18n.tsx';
import { Toasts } from '../ui/toast.tsx';

const LANGUAGES: [Lang, string][] = [
  ['zh-CN', '中文'],
  ['en', 'English'],
];

export function Gate({
  big,
  company,
  children,
}: {
  big?: boolean;
  company?: string | null | undefined;
  children: ReactNode;
}) {
  const { t, lang, setLang } = useWords();
  return (
    <main className="gate">
      <div>
        <div className={big ? 'card big' : 'card'}>
          <div className="brand">
            <img src="/favicon.svg" alt="" />
            <span>
              <b>{t('product-name')}</b>
              <small>{company || t('product-line')}</small>
            </span>
          </div>
          {children}
        </div>
        <div className="langs">
          {LANGUAGES.map(([key, name]) => (
            <button
              key={key}
              type="button"
              lang={key}
              aria-pressed={lang === key}
              onClick={() => setLang(key)}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <Toasts />
    </main>
  );
}
