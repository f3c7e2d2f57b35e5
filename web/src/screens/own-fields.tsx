// Fields of the tenant's own: declared here, and then part of forms, lists and conditions.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { get, newKey, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { useIndex } from '../meta/meta.ts';
import { CardTable } from '../ui/card-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Button, Empty, Labelled, Loading, Note, Tag } from '../ui/parts.tsx';
import { reason, toast } from '../ui/toast.tsx';

const KINDS = ['text', 'number', 'day', 'choice', 'flag', 'reference'] as const;
type Own = {
  id: string;
  version: number;
  entity: string;
  name: string;
  label_zh: string;
  label_en: string;
  kind: (typeof KINDS)[number];
  options: string[];
  refers: string;
  required: boolean;
  filterable: boolean;
  in_list: boolean;
  active: boolean;
};
type Answer = { rows: Own[]; entities: string[] };
const KEY = ['custom-fields'] as const;

export function OwnFields() {
  const { t, words, lang } = useWords();
  const asked = useQuery({ queryKey: KEY, queryFn: () => get<Answer>('custom-fields') });
  const [open, setOpen] = useState<Own | 'new'>();
  if (asked.error) return <Note tone="bad">{reason(asked.error, t)}</Note>;
  if (!asked.data) return <Loading lines={6} />;
  const { rows, entities } = asked.data;
  const groups = entities.filter((e) => rows.some((r) => r.entity === e));
  const label = (own: Own): string => (lang === 'en' ? own.label_en : own.label_zh);
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-own-fields')}</h1>
        <span className="sp" />
        <Button kind="primary" onClick={() => setOpen('new')}>
          <Plus aria-hidden />
          {t('own-new')}
        </Button>
      </div>
      <p className="muted">{t('own-what')}</p>
      {rows.length === 0 && (
        <div className="card">
          <Empty title={t('own-none')} text={t('own-none-text')} />
        </div>
      )}
      {groups.map((entity) => (
        <section key={entity} className="card pad">
          <h2>{words.entities(entity)}</h2>
          <div className="scroll" tabIndex={0} role="region" aria-label={words.entities(entity)}>
            <CardTable>
              <thead>
                <tr>
                  <th>{t('own-label')}</th>
                  <th>{t('own-kind')}</th>
                  <th>{t('own-name')}</th>
                  <th>{t('own-use')}</th>
                </tr>
              </thead>
              <tbody>
                {rows
                  .filter((own) => own.entity === entity)
                  .map((own) => (
                    <tr key={own.id}>
                      <td>
                        <button type="button" className="linkish" onClick={() => setOpen(own)}>
                          {label(own)}
                        </button>
                      </td>
                      <td>{t(`own-kind-${own.kind}`)}</td>
                      <td>
                        <code>{own.name}</code>
                      </td>
                      <td>
                        {own.active ? (
                          [
                            own.required && t('own-required'),
                            own.filterable && t('own-filterable'),
                            own.in_list && t('own-in-list'),
                          ]
                            .filter(Boolean)
                            .join(t('list-comma'))
                        ) : (
                          <Tag tone="plain">{t('own-inactive')}</Tag>
                        )}
                      </td>
                    </tr>
                  ))}
              </tbody>
            </CardTable>
          </div>
        </section>
      ))}
      {open && (
        <OwnForm
          entities={entities}
          own={open === 'new' ? undefined : open}
          close={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

const FRESH: Own = {
  id: '',
  version: 0,
  entity: 'party',
  name: '',
  label_zh: '',
  label_en: '',
  kind: 'text',
  options: [],
  refers: 'party',
  required: false,
  filterable: true,
  in_list: false,
  active: true,
};

function OwnForm(props: { entities: string[]; own: Own | undefined; close: () => void }) {
  const { t, words } = useWords();
  const client = useQueryClient();
  const known = useIndex().filter((e) => e.title !== 'id');
  const [own, setOwn] = useState<Own>(props.own ?? FRESH);
  const [options, setOptions] = useState(own.options.join('\n'));
  const [refused, setRefused] = useState<unknown>(null);
  const [key] = useState(newKey);
  const fixed = props.own !== undefined;
  const set = (change: Partial<Own>): void => setOwn({ ...own, ...change });
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { id, version, ...rest } = own;
    const body = {
      ...rest,
      options: own.kind === 'choice' ? options.split('\n').map((o) => o.trim()) : [],
      refers: own.kind === 'reference' ? own.refers : '',
      ...(fixed ? { version } : {}),
    };
    try {
      const path = fixed ? `custom-fields/${id}` : 'custom-fields';
      await send(path, body, { key, method: fixed ? 'PATCH' : 'POST' });
      // Forms and lists learn of it at once.
      await Promise.all([
        client.invalidateQueries({ queryKey: KEY }),
        client.invalidateQueries({ queryKey: ['meta'] }),
      ]);
      toast(t('own-saved'));
      props.close();
    } catch (error) {
      setRefused(error);
    }
  };
  const text = (name: 'label_zh' | 'label_en', label: string, autoFocus = false) => (
    <Labelled label={label} required>
      {(ids) => (
        <input
          {...ids}
          className="input"
          required
          autoFocus={autoFocus}
          maxLength={60}
          value={own[name]}
          onChange={(e) => set({ [name]: e.target.value })}
        />
      )}
    </Labelled>
  );
  const check = (name: 'required' | 'filterable' | 'in_list' | 'active', still = false) => (
    <label className="check">
      <input
        type="checkbox"
        disabled={still}
        checked={own[name]}
        onChange={(e) => set({ [name]: e.target.checked })}
      />
      {t(`own-${name.replace('_', '-')}`)}
    </label>
  );
  return (
    <Dialog
      title={t(fixed ? 'own-edit' : 'own-new')}
      close={props.close}
      footer={
        <>
          <Button onClick={props.close}>{t('back')}</Button>
          <Button kind="primary" type="submit" form="own-form">
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="own-form" className="stack" onSubmit={(e) => void save(e)}>
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        <Labelled label={t('own-entity')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              disabled={fixed}
              value={own.entity}
              onChange={(e) => set({ entity: e.target.value })}
            >
              {props.entities.map((e) => (
                <option key={e} value={e}>
                  {words.entity(e)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        {text('label_zh', t('own-label-zh'), true)}
        {text('label_en', t('own-label-en'))}
        <Labelled label={t('own-name')} required hint={t('own-name-hint')}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              disabled={fixed}
              maxLength={30}
              pattern="c_[a-z0-9_]+"
              placeholder="c_"
              value={own.name}
              onChange={(e) => set({ name: e.target.value })}
            />
          )}
        </Labelled>
        <Labelled label={t('own-kind')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              disabled={fixed}
              value={own.kind}
              onChange={(e) => set({ kind: e.target.value as Own['kind'] })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`own-kind-${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        {own.kind === 'choice' && (
          <Labelled label={t('own-options')} required>
            {(ids) => (
              <textarea
                {...ids}
                className="area"
                required
                rows={4}
                value={options}
                onChange={(e) => setOptions(e.target.value)}
              />
            )}
          </Labelled>
        )}
        {own.kind === 'reference' && (
          <Labelled label={t('own-refers')}>
            {(ids) => (
              <select
                {...ids}
                className="select"
                disabled={fixed}
                value={own.refers}
                onChange={(e) => set({ refers: e.target.value })}
              >
                {known.map((e) => (
                  <option key={e.name} value={e.name}>
                    {words.entity(e.name)}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        )}
        {check('filterable', fixed)}
        {check('in_list')}
        {check('required')}
        {fixed && check('active')}
      </form>
    </Dialog>
  );
}
