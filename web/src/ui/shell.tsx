// The frame around every screen: where one is, where one can go, who one is.
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Inbox, Menu as MenuIcon, Search, WifiOff } from 'lucide-react';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { Problem } from '../api/client.ts';
import { useUnsentCount } from '../lib/draft.ts';
import { useWords } from '../lib/i18n.tsx';
import { useInbox } from '../lib/inbox.ts';
import { useKeys } from '../lib/keys.ts';
import { useLive } from '../lib/live.ts';
import { type Me, SignedIn, meKey, useMay, useMe, useMeQuery } from '../lib/session.tsx';
import { ScreenProblem, ScreenWaits } from './frames.tsx';
import { ActingBand } from './acting.tsx';
import { type Place, SECTIONS, places } from './nav.ts';
import { Toasts } from './toast.tsx';
import { UserMenu } from './user-menu.tsx';

const Palette = lazy(() => import('./palette.tsx').then((m) => ({ default: m.Palette })));
const KeyMap = lazy(() => import('./key-map.tsx').then((m) => ({ default: m.KeyMap })));

export function Shell() {
  const asked = useMeQuery();
  const here = useLocation();
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    // Somebody ended this session, here or elsewhere: nothing of it may stay on the screen.
    const out = (): void => {
      if (!client.getQueryData(meKey)) return;
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== meKey[0] });
      void client.resetQueries({ queryKey: meKey });
    };
    addEventListener('hl-signed-out', out);
    return () => removeEventListener('hl-signed-out', out);
  }, [client]);
  const isOut = asked.error instanceof Problem && asked.error.status === 401;
  const next = useRef<string | undefined>(undefined);
  next.current = here.pathname === '/' ? undefined : here.href;
  useEffect(() => {
    if (isOut) void navigate({ to: '/sign-in', search: { next: next.current }, replace: true });
  }, [isOut, navigate]);
  if (asked.data) {
    return (
      <SignedIn me={asked.data}>
        <Frame me={asked.data} />
      </SignedIn>
    );
  }
  return asked.error && !isOut ? (
    <ScreenProblem error={asked.error} reset={() => void asked.refetch()} />
  ) : (
    <ScreenWaits />
  );
}

export function usePlaceName(): (place: Place) => string {
  const { t, words } = useWords();
  return (place) => (place.entity ? words.entities(place.entity) : t(place.key));
}

function Frame({ me }: { me: Me }) {
  const { t } = useWords();
  const [open, setOpen] = useState<'' | 'palette' | 'keys' | 'nav'>('');
  const navigate = useNavigate();
  const may = useMay();
  const here = useLocation();
  useLive();
  useEffect(() => setOpen(''), [here.pathname]);
  const go = Object.fromEntries(
    places()
      .filter((p) => p.go && (!p.needs || may(p.needs)))
      .map((p) => [`g ${p.go}`, () => void navigate({ to: p.to })]),
  );
  useKeys({
    'ctrl+k': () => setOpen((now) => (now === 'palette' ? '' : 'palette')),
    '/': () => focusSearch(() => setOpen('palette')),
    '?': () => setOpen('keys'),
    ...go,
  });
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <nav className={open === 'nav' ? 'nav open' : 'nav'} aria-label={t('nav-main')}>
        <Brand me={me} />
        <NavSections />
      </nav>
      {open === 'nav' && (
        <button
          type="button"
          className="nav-scrim"
          aria-label={t('close')}
          onClick={() => setOpen('')}
        />
      )}
      <header className="top">
        <button
          type="button"
          className="btn ghost icon only-narrow"
          aria-label={t('nav-open')}
          aria-expanded={open === 'nav'}
          onClick={() => setOpen('nav')}
        >
          <MenuIcon aria-hidden />
        </button>
        <button type="button" className="search-btn" onClick={() => setOpen('palette')}>
          <Search size={15} aria-hidden />
          <span>{t('search')}</span>
          <kbd aria-hidden>Ctrl K</kbd>
        </button>
        <span className="sp" />
        <Connection />
        <InboxButton />
        <UserMenu openKeys={() => setOpen('keys')} />
      </header>
      <main className="main" id="main" tabIndex={-1}>
        <ActingBand />
        <Suspense fallback={<ScreenWaits />}>
          <Outlet />
        </Suspense>
      </main>
      <TabBar more={() => setOpen('nav')} />
      <Toasts />
      <Suspense>
        {open === 'palette' && <Palette close={() => setOpen('')} />}
        {open === 'keys' && <KeyMap close={() => setOpen('')} />}
      </Suspense>
    </div>
  );
}

/** The list's own search box, if the screen has one; else the palette. */
function focusSearch(otherwise: () => void): void {
  const box = document.querySelector<HTMLInputElement>('input[data-list-search]');
  if (box) box.focus();
  else otherwise();
}

function Brand({ me }: { me: Me }) {
  const { t } = useWords();
  return (
    <div className="brand">
      <img src="/favicon.svg" alt="" width={26} height={26} />
      <span>
        <b>{t('product-name')}</b>
        <small title={me.company.name}>{me.company.name}</small>
      </span>
    </div>
  );
}

function NavSections() {
  const { t } = useWords();
  const may = useMay();
  const name = usePlaceName();
  return SECTIONS.map((section) => {
    const shown = section.places.filter((p) => !p.needs || may(p.needs));
    if (shown.length === 0) return null;
    return (
      <div
        key={section.key}
        className="sec"
        role="group"
        aria-label={section.key ? t(section.key) : undefined}
      >
        {section.key && <div className="sec-name">{t(section.key)}</div>}
        {shown.map((p) => (
          <Link
            key={p.to}
            to={p.to}
            activeOptions={{ exact: p.to === '/', includeSearch: false }}
            title={p.go ? `g ${p.go}` : undefined}
          >
            <p.icon aria-hidden />
            <span>{name(p)}</span>
          </Link>
        ))}
      </div>
    );
  });
}

const TABS = ['/', '/orders', '/pick', '/parties'];

function TabBar({ more }: { more: () => void }) {
  const { t } = useWords();
  const may = useMay();
  const name = usePlaceName();
  const shown = places().filter((p) => TABS.includes(p.to) && (!p.needs || may(p.needs)));
  return (
    <nav className="tabbar" aria-label={t('nav-tabs')}>
      {shown.map((p) => (
        <Link key={p.to} to={p.to} activeOptions={{ exact: p.to === '/', includeSearch: false }}>
          <p.icon aria-hidden />
          <span>{name(p)}</span>
        </Link>
      ))}
      <button type="button" onClick={more}>
        <MenuIcon aria-hidden />
        <span>{t('nav-more')}</span>
      </button>
    </nav>
  );
}

/** The way to the inbox, with how many are unread; kept live. */
function InboxButton() {
  const { t } = useWords();
  const unread = useInbox(false).data?.unread ?? 0;
  const shown = unread > 99 ? '99+' : String(unread);
  return (
    <Link
      to="/inbox"
      className="btn ghost icon inbox-btn"
      aria-label={unread ? t('inbox-unread', { count: shown }) : t('inbox')}
    >
      <Inbox aria-hidden />
      {unread > 0 && (
        <span className="badge" aria-hidden>
          {shown}
        </span>
      )}
    </Link>
  );
}

/** Says that the program cannot be reached; what was typed is kept where it was typed. */
function Connection() {
  const { t } = useWords();
  const [lost, setLost] = useState(!navigator.onLine);
  const count = useUnsentCount();
  useEffect(() => {
    const gone = (): void => setLost(true);
    const back = (): void => setLost(false);
    addEventListener('offline', gone);
    addEventListener('hl-offline', gone);
    addEventListener('online', back);
    addEventListener('hl-online', back);
    return () => {
      removeEventListener('offline', gone);
      removeEventListener('hl-offline', gone);
      removeEventListener('online', back);
      removeEventListener('hl-online', back);
    };
  }, []);
  return (
    <span role="status" className="connection">
      {lost && (
        <span className="tag warn">
          <WifiOff size={13} aria-hidden />
          {count > 0 ? t('offline-unsent', { count }) : t('offline')}
        </span>
      )}
    </span>
  );
}

export const useCurrency = (): string => useMe().company.currency;
