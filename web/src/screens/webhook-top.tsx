// A webhook's secret, shown once, and how far it was told.
import { useMutation, useQuery } from '@tanstack/react-query';
import { get, send } from '../api/client.ts';
import { instant } from '../lib/day.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import type { DetailProps } from '../meta/registry.ts';
import { Button, Note } from '../ui/parts.tsx';
import { useToastProblem } from '../ui/toast.tsx';

type Progress = {
  seq: number;
  newest: number;
  failures: number;
  failing_since: string | null;
  next_try: string | null;
  last_error: string;
};

export function WebhookTop({ row }: DetailProps) {
  const { t } = useWords();
  const may = useMay();
  const problem = useToastProblem();
  const asked = useQuery({
    queryKey: ['facts', 'webhooks', row.id, 'progress'],
    queryFn: () => get<Progress>(`webhooks/${row.id}/progress`),
    refetchInterval: 10_000,
  });
  const issue = useMutation({
    mutationFn: () => send<{ id: string; secret: string }>(`webhooks/${row.id}/secret`),
    onError: problem,
  });
  const at = asked.data;
  return (
    <section className="card">
      <header>
        <h2>{t('webhook-progress')}</h2>
        <span className="sp" />
        {may('connect.webhook.secret') && (
          <Button onClick={() => issue.mutate()} busy={issue.isPending}>
            {t('webhook-issue')}
          </Button>
        )}
      </header>
      <div className="in stack">
        {issue.data && (
          <Note tone="warn">
            {t('webhook-secret')} <code>{issue.data.secret}</code>
          </Note>
        )}
        {at && <p>{t('webhook-at', { seq: at.seq, newest: at.newest })}</p>}
        {at && at.failures > 0 && (
          <Note tone="bad">
            {t('webhook-failing', {
              count: at.failures,
              since: instant(at.failing_since),
              next: instant(at.next_try),
            })}{' '}
            {at.last_error}
          </Note>
        )}
      </div>
    </section>
  );
}
