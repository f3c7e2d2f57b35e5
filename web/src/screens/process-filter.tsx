// Which cases the process screens look at: by a dimension of ours, a field of the document, what
// facts say, or whatever a log of another system carries.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import type { Part, ProcessMap } from './process-data.ts';

export type Sliced = { dimension?: string | undefined; value?: string | undefined };

const NONE = '\u0000';

/** How an attribute is called, and how a value of it. */
export function useAttribute(kind: string): {
  name: (of: string) => string;
  value: (of: string, value: string) => string;
} {
  const { t, words } = useWords();
  return {
    name: (of) => {
      const dot = of.indexOf('.');
      if (dot < 0) return t(`dim-${of}`);
      const [sort, own] = [of.slice(0, dot), of.slice(dot + 1)];
      if (sort === 'person') return t('process-person');
      return sort === 'field' || sort === 'fact' ? words.field(kind, own) : own;
    },
    value: (of, value) => {
      if (value === '') return t('dim-none');
      return of.startsWith('field.') ? words.option(kind, of.slice(6), value) : value;
    },
  };
}

/** The part without its slice, and what its cases may be sliced by. */
export function useSlices(part: Part, dimension: string | undefined) {
  const whole = { ...part, dimension: undefined, value: undefined };
  return useQuery({
    queryKey: ['process', 'slices', whole, dimension],
    queryFn: () =>
      get<ProcessMap>('process/map', {
        ...whole,
        ...(dimension ? { dimension } : {}),
        activities: 0.01,
        paths: 0.01,
      }),
    placeholderData: keepPreviousData,
  });
}

export function Filter(props: { part: Part; slice: Sliced; set: (slice: Sliced) => void }) {
  const { t } = useWords();
  const { part, slice } = props;
  const label = useAttribute(part.case ?? '');
  const asked = useSlices(part, slice.dimension);
  const map = asked.data;
  if (!map) return null;
  const all = [...map.dimensions, ...(map.attributes ?? [])];
  if (all.length === 0) return null;
  return (
    <div className="rowx">
      <select
        className="input"
        aria-label={t('process-by')}
        value={slice.dimension ?? ''}
        onChange={(e) => props.set({ dimension: e.target.value || undefined, value: undefined })}
      >
        <option value="">{t('process-by')}</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {label.name(one)}
          </option>
        ))}
      </select>
      {slice.dimension && (
        <Values
          part={part}
          dimension={slice.dimension}
          value={slice.value}
          set={(value) => props.set({ dimension: slice.dimension, value })}
        />
      )}
    </div>
  );
}

/** One value of an attribute, or all. */
export function Values(props: {
  part: Part;
  dimension: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
}) {
  const { t } = useWords();
  const { part, dimension, value } = props;
  const label = useAttribute(part.case ?? '');
  const known = useSlices(part, dimension).data?.values ?? [];
  return (
    <select
      className="input"
      aria-label={label.name(dimension)}
      value={value ?? NONE}
      onChange={(e) => props.set(e.target.value === NONE ? undefined : e.target.value)}
    >
      <option value={NONE}>{t('all')}</option>
      {known.map((one) => (
        <option key={one} value={one}>
          {label.value(dimension, one)}
        </option>
      ))}
    </select>
  );
}
