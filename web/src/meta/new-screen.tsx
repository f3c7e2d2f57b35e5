// A new row of any entity at `/{collection}/new`.
import { useNavigate, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useWords } from '../lib/i18n.tsx';
import { NotFound, ScreenWaits } from '../ui/frames.tsx';
import { toast } from '../ui/toast.tsx';
import { Crumb } from './row.tsx';
import { NewForm } from './entity-form.tsx';
import { type Entity, useEntity, useIndex } from './meta.ts';
import { registry } from './registry.ts';

export function NewScreen() {
  const { collection } = useParams({ strict: false }) as { collection: string };
  const known = useIndex().find((e) => e.collection === collection && e.create);
  if (!known) return <NotFound />;
  return <New key={known.name} name={known.name} />;
}

function New({ name }: { name: string }) {
  const entity = useEntity(name);
  const Form = registry[name]?.form;
  if (Form) {
    return (
      <Suspense fallback={<ScreenWaits />}>
        <Form entity={entity} />
      </Suspense>
    );
  }
  return <Generic entity={entity} />;
}

function Generic({ entity }: { entity: Entity }) {
  const { t, words } = useWords();
  const navigate = useNavigate();
  const list = (): void =>
    void navigate({ to: '/$collection', params: { collection: entity.collection } });
  return (
    <div className="page narrow">
      <Crumb entity={entity} />
      <div className="head">
        <h1>{t('new-of', { what: words.entity(entity.name) })}</h1>
      </div>
      <NewForm
        entity={entity}
        cancel={list}
        done={(row) => {
          toast(t('made', { what: words.entity(entity.name) }));
          if (typeof row.id === 'string')
            void navigate({
              to: '/$collection/$id',
              params: { collection: entity.collection, id: row.id },
              replace: true,
            });
          else list();
        }}
      />
    </div>
  );
}
