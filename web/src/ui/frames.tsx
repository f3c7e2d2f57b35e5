// What stands in for a screen: while it loads, when it fails, when there is none.
import { Link, useRouter } from '@tanstack/react-router';
import { CloudOff, Compass } from 'lucide-react';
import { Problem } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { Button, Empty, Loading, Note } from './parts.tsx';
import { reason } from './toast.tsx';

export function ScreenWaits() {
  return (
    <div className="page">
      <Loading lines={6} />
    </div>
  );
}

export function ScreenProblem({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useWords();
  const router = useRouter();
  const again = (): void => {
    reset?.();
    void router.invalidate();
  };
  const missing = error instanceof Problem && error.status === 404;
  return (
    <div className="page">
      <Empty
        whole
        icon={missing ? <Compass aria-hidden /> : <CloudOff aria-hidden />}
        title={missing ? t('lost-title') : t('problem-title')}
        text={missing ? t('lost-text') : reason(error, t)}
      >
        {!missing && (
          <Button kind="primary" onClick={again}>
            {t('again')}
          </Button>
        )}
        <Link className="btn" to="/">
          {t('to-home')}
        </Link>
      </Empty>
    </div>
  );
}

/** A part of a screen that did not come, with another try; the rest of it stays. */
export function Failed({ error, again }: { error: unknown; again: () => unknown }) {
  const { t } = useWords();
  const isFinal = error instanceof Problem && error.status === 403;
  return (
    <Note tone="bad">
      {reason(error, t)}{' '}
      {!isFinal && (
        <Button kind="ghost" onClick={() => void again()}>
          {t('again')}
        </Button>
      )}
    </Note>
  );
}

export function NotFound() {
  const { t } = useWords();
  return (
    <div className="page">
      <Empty whole icon={<Compass aria-hidden />} title={t('lost-title')} text={t('lost-text')}>
        <Link className="btn primary" to="/">
          {t('to-home')}
        </Link>
      </Empty>
    </div>
  );
}
