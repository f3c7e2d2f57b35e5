// Views of a list: picked, saved, shared, removed. A view is what the list's address says.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, ChevronDown } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { get, list, send } from '../api/client.ts';
import { askedBy, keptOf } from '../lib/address.ts';
import { useWords } from '../lib/i18n.tsx';
import { useMay } from '../lib/session.tsx';
import type { ListSearch } from '../router.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Labelled } from '../ui/parts.tsx';
import { toast, useToastProblem } from '../ui/toast.tsx';
import { Popped } from '../ui/popped.tsx';
import type { Entity } from './meta.ts';

type Share = 'own' | 'role' | 'all';
type View = {
  id: string;
  version: number;
  name: string;
  share: Share;
  role: string | null;
  usual: boolean;
  asked: string;
  mine: boolean;
};
type Props = { entity: Entity; search: ListSearch; set: (change: Partial<ListSearch>) => void };

const NONE = 'none';
const SHARE = 'access.view.share';

const useViews = (entity: Entity): View[] | undefined =>
  useQuery({
    queryKey: ['views', entity.name],
    queryFn: () => get<{ rows: View[] }>('views', { entity: entity.name }).then((a) => a.rows),
    staleTime: 60_000,
  }).data;

/** The view that a list begins with: one's own before a role's before everybody's. */
function usualOf(views: View[]): View | undefined {
  const usual = views.filter((v) => v.usual);
  const of = (share: Share) => usual.find((v) => v.share === share);
  return usual.find((v) => v.mine && v.share === 'own') ?? of('role') ?? of('all');
}

/** Begins a list that says nothing in its address with its usual view. */
export function useUsualView(entity: Entity, search: ListSearch, set: Props['set']): void {
  const views = useViews(entity);
  const begun = useRef(false);
  useEffect(() => {
    if (!views || begun.current) return;
    begun.current = true;
    const usual = usualOf(views);
    if (usual && keptOf(search) === '' && !search.saved)
      set({ ...askedBy(usual.asked), saved: usual.id });
  }, [views, search, set]);
}

export function ViewPicker({ entity, search, set }: Props) {
  const { t } = useWords();
  const views = useViews(entity) ?? [];
  const may = useMay();
  const problem = useToastProblem();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [naming, setNaming] = useState<View | 'new'>();
  const now = keptOf(search);
  const current = views.find((v) => v.id === search.saved);
  const changed = current !== undefined && current.asked !== now;
  const mine = current && (current.mine || (current.share !== 'own' && may(SHARE)));
  const pick = (view: View | undefined): void => {
    setOpen(false);
    set({ ...askedBy(view?.asked ?? ''), saved: view?.id ?? NONE });
  };
  const write = async (view: View | undefined, body: object): Promise<void> => {
    try {
      const path = view ? `views/${view.id}` : 'views';
      const kept = await send<View>(path, body, { method: view ? 'PATCH' : 'POST' });
      await client.invalidateQueries({ queryKey: ['views', entity.name] });
      setNaming(undefined);
      set({ saved: kept.id });
      toast(t('view-saved', { name: kept.name }));
    } catch (error) {
      problem(error);
    }
  };
  const remove = async (view: View): Promise<void> => {
    setOpen(false);
    try {
      await send(`views/${view.id}/remove`);
      await client.invalidateQueries({ queryKey: ['views', entity.name] });
      set({ saved: NONE });
      toast(t('view-removed', { name: view.name }));
    } catch (error) {
      problem(error);
    }
  };
  const act = (run: () => void) => () => {
    setOpen(false);
    run();
  };
  return (
    <>
      <div className="pop views">
        <button
          type="button"
          className="btn ghost"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Bookmark aria-hidden />
          <span className="cut">{current?.name ?? t('view-none')}</span>
          {changed && <small className="muted">{t('view-changed')}</small>}
          <ChevronDown aria-hidden />
        </button>
        {open && (
          <Popped label={t('views')} close={() => setOpen(false)}>
            <button
              type="button"
              className={current ? 'it' : 'it on'}
              autoFocus
              onClick={() => pick(undefined)}
            >
              {t('view-none')}
            </button>
            {views.map((view) => (
              <button
                key={view.id}
                type="button"
                className={view.id === current?.id ? 'it on' : 'it'}
                onClick={() => pick(view)}
              >
                <span>{view.name}</span>
                <span className="k">
                  {[view.usual && t('view-usual'), view.share !== 'own' && t('view-shared')]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </button>
            ))}
            <hr />
            {mine && changed && (
              <button
                type="button"
                className="it"
                onClick={act(
                  () => void write(current, { asked: now, version: current.version }),
                )}
              >
                {t('view-keep', { name: current.name })}
              </button>
            )}
            <button type="button" className="it" onClick={act(() => setNaming('new'))}>
              {t('view-new')}
            </button>
            {mine && (
              <>
                <button type="button" className="it" onClick={act(() => setNaming(current))}>
                  {t('view-edit', { name: current.name })}
                </button>
                <button type="button" className="it" onClick={() => void remove(current)}>
                  {t('view-remove', { name: current.name })}
                </button>
              </>
            )}
          </Popped>
        )}
      </div>
      {naming && (
        <ViewForm
          entity={entity}
          view={naming === 'new' ? undefined : naming}
          close={() => setNaming(undefined)}
          save={(body) =>
            naming === 'new'
              ? write(undefined, { ...body, entity: entity.name, asked: now })
              : write(naming, { ...body, version: naming.version })
          }
        />
      )}
    </>
  );
}

function ViewForm(props: {
  entity: Entity;
  view: View | undefined;
  close: () => void;
  save: (body: object) => Promise<void>;
}) {
  const { t, words } = useWords();
  const may = useMay();
  const [name, setName] = useState(props.view?.name ?? '');
  const [share, setShare] = useState<Share>(props.view?.share ?? 'own');
  const [role, setRole] = useState(props.view?.role ?? '');
  const [usual, setUsual] = useState(props.view?.usual ?? false);
  const roles = useQuery({
    queryKey: ['list', 'roles', 'of views'],
    enabled: share === 'role' && may('access.role.read'),
    queryFn: () => list('roles', { fields: 'code,name', limit: 200, count: 'no' }),
  }).data?.rows;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void props.save({ name, share, role: share === 'role' ? role : '', usual });
  };
  const nameOf = (code: string): string =>
    words.find(`role-${code.replaceAll('_', '-')}`) ?? code;
  return (
    <Dialog
      title={t('view-form')}
      close={props.close}
      footer={
        <>
          <Button onClick={props.close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="view-form">
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="view-form" className="stack" onSubmit={submit}>
        <Labelled label={t('view-name')} required>
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoFocus
              required
              maxLength={80}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        {may(SHARE) && (
          <Labelled label={t('view-share')}>
            {(ids) => (
              <select
                {...ids}
                className="select"
                value={share}
                onChange={(e) => setShare(e.target.value as Share)}
              >
                <option value="own">{t('view-share-own')}</option>
                <option value="role">{t('view-share-role')}</option>
                <option value="all">{t('view-share-all')}</option>
              </select>
            )}
          </Labelled>
        )}
        {share === 'role' && (
          <Labelled label={words.entity('role')} required>
            {(ids) => (
              <select
                {...ids}
                className="select"
                required
                value={role}
                onChange={(e) => setRole(e.target.value)}
              >
                <option value="">{t('choose')}</option>
                {(roles ?? []).map((r) => (
                  <option key={r.id} value={r.id}>
                    {String(r['name'] || nameOf(String(r['code'])))}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        )}
        <label className="check">
          <input type="checkbox" checked={usual} onChange={(e) => setUsual(e.target.checked)} />
          {t('view-begin')}
        </label>
      </form>
    </Dialog>
  );
}
