// The user's own menu: language, look, devices, leaving.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Keyboard,
  Languages,
  LogOut,
  Monitor,
  Moon,
  MonitorSmartphone,
  Rows2,
  Rows3,
  Sun,
  UserRoundCog,
} from 'lucide-react';
import { send } from '../api/client.ts';
import { setActing } from '../lib/acting.ts';
import { useWords } from '../lib/i18n.tsx';
import { setDensity, setTheme, useDensity, useTheme } from '../lib/look.ts';
import { useMe } from '../lib/session.tsx';
import { usePrincipals, useStandIn } from './acting.tsx';
import { Menu } from './menu.tsx';
import { Avatar } from './parts.tsx';
import { useToastProblem } from './toast.tsx';

export function UserMenu({ openKeys }: { openKeys: () => void }) {
  const me = useMe();
  const { t, lang, setLang } = useWords();
  const theme = useTheme();
  const density = useDensity();
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useToastProblem();
  const principals = usePrincipals();
  const stand = useStandIn();
  const leave = async (): Promise<void> => {
    try {
      await send('sign-out');
      setActing(null);
      client.clear();
      await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      problem(error);
    }
  };
  return (
    <Menu
      trigger={
        <button type="button" className="user-btn" title={t('user-menu', { name: me.user.name })}>
          <Avatar name={me.user.name} />
          <span className="name">{me.user.name}</span>
        </button>
      }
      items={[
        {
          key: 'lang',
          icon: <Languages aria-hidden />,
          label: lang === 'en' ? '切换到中文' : 'Switch to English',
          run: () => setLang(lang === 'en' ? 'zh-CN' : 'en'),
        },
        'line',
        {
          key: 'light',
          icon: <Sun aria-hidden />,
          label: t('theme-light'),
          on: theme === 'light',
          run: () => setTheme('light'),
        },
        {
          key: 'dark',
          icon: <Moon aria-hidden />,
          label: t('theme-dark'),
          on: theme === 'dark',
          run: () => setTheme('dark'),
        },
        {
          key: 'system',
          icon: <Monitor aria-hidden />,
          label: t('theme-system'),
          on: theme === 'system',
          run: () => setTheme('system'),
        },
        'line',
        {
          key: 'compact',
          icon: <Rows3 aria-hidden />,
          label: t('density-compact'),
          on: density === 'compact',
          run: () => setDensity('compact'),
        },
        {
          key: 'cozy',
          icon: <Rows2 aria-hidden />,
          label: t('density-cozy'),
          on: density === 'cozy',
          run: () => setDensity('cozy'),
        },
        'line',
        {
          key: 'keys',
          icon: <Keyboard aria-hidden />,
          label: t('keys-title'),
          why: '?',
          run: openKeys,
        },
        {
          key: 'me',
          icon: <MonitorSmartphone aria-hidden />,
          label: t('me-title'),
          run: () => void navigate({ to: '/me' }),
        },
        ...principals.map((principal) => ({
          key: `for-${principal.id}`,
          icon: <UserRoundCog aria-hidden />,
          label: t('act-for', { name: principal.name }),
          run: () => void stand(principal),
        })),
        'line',
        { key: 'out', icon: <LogOut aria-hidden />, label: t('sign-out'), run: () => void leave() },
      ]}
    />
  );
}
