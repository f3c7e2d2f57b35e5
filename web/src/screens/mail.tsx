// Mail: how the program sends it, for whoever sets the company up; and how one is told oneself.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Problem, get, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import { Button, Labelled, Loading, Note } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';

type Way = { way: 'none' | 'folder' | 'server'; host: string; from: string; url: string };
type Wish = { mail: string; by_mail: boolean; lang: 'zh-CN' | 'en' };
const WISH = ['me', 'notices'] as const;

/** The setting of the process, which only whoever starts it can change; its secret is not here. */
export function MailWay() {
  const { t } = useWords();
  const asked = useQuery({ queryKey: ['mail'], queryFn: () => get<Way>('mail') });
  const test = useTest();
  const way = asked.data;
  return (
    <section className="card">
      <header>
        <h2>{t('mail-title')}</h2>
        <span className="sp" />
        {way && way.way !== 'none' && (
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            {t('mail-try')}
          </Button>
        )}
      </header>
      <div className="in stack">
        {asked.isPending && <Loading lines={2} />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {test.error && (
          <Note tone="bad">
            {reason(test.error, t)}{' '}
            {test.error instanceof Problem && test.error.code === 'notice.no_mail' && (
              <Link className="text" to="/me">
                {t('me-title')}
              </Link>
            )}
          </Note>
        )}
        {way && (
          <dl className="facts">
            <div>
              <dt>{t('mail-how')}</dt>
              <dd>{t(`mail-way-${way.way}`, { host: way.host })}</dd>
            </div>
            <div>
              <dt>{t('mail-from')}</dt>
              <dd>{way.from || '–'}</dd>
            </div>
            <div>
              <dt>{t('mail-url')}</dt>
              <dd>{way.url || '–'}</dd>
            </div>
          </dl>
        )}
        <p className="muted">{t('mail-fixed')}</p>
      </div>
    </section>
  );
}

function useTest() {
  const { t } = useWords();
  return useMutation({
    mutationFn: () => send<{ to: string }>('mail/test'),
    onSuccess: ({ to }) => toast(t('mail-tried', { to })),
  });
}

/** Where one is told of what waits, besides the inbox. */
export function MailWish() {
  const asked = useQuery({ queryKey: WISH, queryFn: () => get<Wish>('me/notices') });
  const { t } = useWords();
  return (
    <section className="card">
      <header>
        <h2>{t('mail-wish')}</h2>
      </header>
      <div className="in stack">
        {asked.isPending && <Loading lines={2} />}
        {asked.error && <Note tone="bad">{reason(asked.error, t)}</Note>}
        {asked.data && <Form kept={asked.data} />}
      </div>
    </section>
  );
}

function Form({ kept }: { kept: Wish }) {
  const { t } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const [wish, setWish] = useState(kept);
  const save = useMutation({
    mutationFn: () => send<Wish>('me/notices', wish),
    onSuccess: (now) => {
      client.setQueryData(WISH, now);
      toast(t('saved'));
    },
  });
  const test = useTest();
  const run = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const refused = save.error ?? test.error;
  return (
    <form className="stack" onSubmit={run}>
      <div className="fields">
        <Labelled
          label={t('mail-address')}
          error={refused ? reason(refused, t) : undefined}
          hint={t('mail-address-hint')}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              inputMode="email"
              autoComplete="email"
              maxLength={200}
              value={wish.mail}
              onChange={(e) => setWish((now) => ({ ...now, mail: e.target.value }))}
            />
          )}
        </Labelled>
        <Labelled label={t('mail-lang')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={wish.lang}
              onChange={(e) => setWish((now) => ({ ...now, lang: e.target.value as Wish['lang'] }))}
            >
              <option value="zh-CN">中文</option>
              <option value="en">English</option>
            </select>
          )}
        </Labelled>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={wish.by_mail}
          onChange={(e) => setWish((now) => ({ ...now, by_mail: e.target.checked }))}
        />
        {t('mail-by')}
      </label>
      <div className="rowx">
        <Button type="submit" busy={save.isPending}>
          {t('save')}
        </Button>
        {may('access.company.change') && (
          <Button busy={test.isPending} disabled={kept.mail === ''} onClick={() => test.mutate()}>
            {t('mail-try')}
          </Button>
        )}
      </div>
    </form>
  );
}
