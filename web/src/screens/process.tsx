// The process as it runs: the map with its sliders, another period beside it, the commonest ways,
// and the cases behind a step.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Waypoints } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { get } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { count } from '../lib/number.ts';
import { Failed } from '../ui/frames.tsx';
import { DayInput } from '../ui/day-input.tsx';
import { Empty, Labelled, Loading } from '../ui/parts.tsx';
import { useMay } from '../lib/session.tsx';
import { CaseList } from './process-cases.tsx';
import {
  lasting,
  useActivity,
  type Cases,
  type Chosen,
  type Part,
  type ProcessMap,
} from './process-data.ts';
import { Filter, Values } from './process-filter.tsx';
import { Logs } from './process-logs.tsx';
import { Drawing, Ways } from './process-map.tsx';
import '../styles/process.css';

// What few open is fetched when it is opened.
const Beside = lazy(() => import('./process-beside.tsx'));
const People = lazy(() => import('./process-people.tsx'));

type Search = Partial<Part> & {
  look?: string;
  also_from?: string;
  also_until?: string;
  also_value?: string;
};
type Variant = { cases: number; steps: string[]; median: number };
type Variants = { cases: number; count: number; variants: Variant[] };

const KINDS = [
  'order',
  'lead',
  'opportunity',
  'quote',
  'shipment',
  'invoice',
  'payment',
  'return',
];

/** A value that settles a moment after it stops changing. */
function useSettled(value: number): number {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), 120);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export function Process() {
  const { t, words } = useWords();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const kind = search.case ?? 'order';
  const set = (change: Partial<Search>): void =>
    void navigate({
      to: '/process',
      search: (now: Search) => ({ ...now, ...change }),
      replace: true,
    } as never);
  const look = search.look ?? 'map';
  const may = useMay();
  const looks = ['map', 'variants', 'compare', ...(may('process.people.read') ? ['people'] : [])];
  const unsliced = { dimension: undefined, value: undefined, also_value: undefined };
  const part: Part = search.log ? { log: search.log } : { case: kind };
  if (search.from) part.from = search.from;
  if (search.until) part.until = search.until;
  if (search.dimension && search.value !== undefined) {
    part.dimension = search.dimension;
    part.value = search.value;
  }
  return (
    <div className="page">
      <div className="head">
        <h1>{t('nav-process')}</h1>
        <span className="sp" />
        <div className="seg" role="group" aria-label={t('view')}>
          {looks.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={look === one}
              onClick={() => set({ look: one === 'map' ? undefined : one })}
            >
              {t(`process-${one}`)}
            </button>
          ))}
        </div>
      </div>
      <Logs chosen={search.log} choose={(log) => set({ log, ...unsliced } as never)} />
      <div className="rowx period">
        {!search.log && (
          <div className="chips" role="group" aria-label={t('process-case')}>
            {KINDS.map((one) => (
              <button
                key={one}
                type="button"
                className="chip"
                aria-pressed={kind === one}
                onClick={() => set({ case: one, ...unsliced } as never)}
              >
                {words.entities(one)}
              </button>
            ))}
          </div>
        )}
        <Days from={search.from} until={search.until} set={set} />
        <Filter
          part={part}
          slice={search}
          set={(slice) => set({ ...slice, also_value: undefined } as never)}
        />
      </div>
      <Suspense fallback={<Loading lines={8} />}>
        {look === 'variants' && <Ways80 part={part} />}
        {look === 'map' && <Pane part={part} />}
        {look === 'people' && <People part={part} />}
        {look === 'compare' && <Compare part={part} search={search} set={set} />}
      </Suspense>
    </div>
  );
}

/** Beside another period, another slice, or both. */
function Compare(props: {
  part: Part;
  search: Search;
  set: (change: Partial<Search>) => void;
}) {
  const { t } = useWords();
  const { part, search, set } = props;
  const [activities, setActivities] = useState(45);
  const [paths, setPaths] = useState(8);
  const settled = { activities: useSettled(activities) / 100, paths: useSettled(paths) / 100 };
  const other = {
    ...(search.also_from ? { also_from: search.also_from } : {}),
    ...(search.also_until ? { also_until: search.also_until } : {}),
    ...(search.also_value === undefined ? {} : { also_value: search.also_value }),
  };
  return (
    <div className="stack">
      <section className="card">
        <div className="in rowx map-bar" role="group" aria-label={t('beside-with')}>
          <b>{t('beside-with')}</b>
          <Days
            from={search.also_from}
            until={search.also_until}
            set={(c) => set({ also_from: c.from, also_until: c.until } as never)}
          />
          {search.dimension && search.value !== undefined && (
            <Values
              part={part}
              dimension={search.dimension}
              value={search.also_value ?? search.value}
              set={(also_value) => set({ also_value } as never)}
            />
          )}
          <span className="sp" />
          <Slider label={t('map-activities')} value={activities} set={setActivities} />
          <Slider label={t('map-paths')} value={paths} set={setPaths} />
        </div>
      </section>
      <Beside part={part} other={other} {...settled} />
    </div>
  );
}

function Days(props: {
  from: string | undefined;
  until: string | undefined;
  set: (change: { from?: string; until?: string }) => void;
}) {
  const { t } = useWords();
  const { from, until } = props;
  const one = (name: 'from' | 'until', value: string | undefined) => (
    <Labelled label={t(name)}>
      {(ids) => (
        <DayInput
          {...ids}
          value={value ?? ''}
          set={(day) =>
            props.set({
              ...(from ? { from } : {}),
              ...(until ? { until } : {}),
              [name]: day || undefined,
            })
          }
        />
      )}
    </Labelled>
  );
  return (
    <div className="rowx">
      {one('from', from)}
      {one('until', until)}
    </div>
  );
}

function Pane({ part }: { part: Part }) {
  const { t, lang } = useWords();
  const [activities, setActivities] = useState(45);
  const [paths, setPaths] = useState(8);
  const [chosen, choose] = useState<Chosen>();
  const [moving, setMoving] = useState(false);
  const name = useActivity(part.log !== undefined);
  const sliders = { activities: useSettled(activities) / 100, paths: useSettled(paths) / 100 };
  const asked = useQuery({
    queryKey: ['process', 'map', part, sliders],
    queryFn: () => get<ProcessMap>('process/map', { ...part, ...sliders }),
    placeholderData: keepPreviousData,
  });
  const behind = useQuery({
    queryKey: ['process', 'cases', part, chosen],
    queryFn: () => get<Cases>('process/cases', { ...part, ...chosen }),
    enabled: chosen !== undefined,
  });
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  const map = asked.data;
  if (!map) return <Loading lines={8} />;
  return (
    <div className="stack">
      <section className="card">
        <div className="in rowx map-bar">
          <Slider label={t('map-activities')} value={activities} set={setActivities} />
          <Slider label={t('map-paths')} value={paths} set={setPaths} />
          <span className="sp" />
          <button
            type="button"
            className="chip only-drawn"
            aria-pressed={moving}
            onClick={() => setMoving(!moving)}
          >
            {t('map-moving')}
          </button>
          <span className="muted" aria-live="polite">
            {t('map-shown', {
              cases: map.cases,
              shown: map.nodes.length,
              paths: map.edges.length,
              all: map.all_paths ?? 0,
            })}
          </span>
        </div>
        {map.cases === 0 ? (
          <Empty icon={<Waypoints aria-hidden />} title={t('map-none')} text={t('map-none-text')} />
        ) : (
          <Drawing
            map={map}
            name={t('nav-process')}
            chosen={chosen}
            choose={choose}
            moving={moving}
          />
        )}
        <p className="in legend muted">
          {['quick', 'mild', 'long', 'longest'].map((tone) => (
            <span key={tone} className={`wait ${tone}`}>
              {t(`map-tone-${tone}`)}
            </span>
          ))}
          <span className="only-drawn">{t('map-legend')}</span>
        </p>
      </section>
      {map.cases > 0 && (
        <div className={behind.data ? 'panes' : undefined}>
          <section className="card">
            <header>
              <h2>{t('map-by-time')}</h2>
              <span className="muted">{count(lang, map.events ?? 0)}</span>
            </header>
            <div className="in">
              <Ways map={map} name={t('map-ways')} chosen={chosen} choose={choose} />
            </div>
          </section>
          {chosen && behind.data && (
            <CaseList
              cases={behind.data}
              title={chosen.next ? `${name(chosen.step)} → ${name(chosen.next)}` : name(chosen.step)}
            />
          )}
        </div>
      )}
    </div>
  );
}

function Slider(props: { label: string; value: number; set: (value: number) => void }) {
  return (
    <label className="slider">
      <span>{props.label}</span>
      <input
        type="range"
        min={1}
        max={100}
        value={props.value}
        onChange={(e) => props.set(Number(e.target.value))}
      />
      <output>{props.value}%</output>
    </label>
  );
}

/** The commonest ways, and what share of the cases they are. */
function Ways80({ part }: { part: Part }) {
  const { t, lang } = useWords();
  const name = useActivity(part.log !== undefined);
  const [chosen, choose] = useState<number>();
  const asked = useQuery({
    queryKey: ['process', 'variants', part],
    queryFn: () => get<Variants>('process/variants', part),
  });
  const behind = useQuery({
    queryKey: ['process', 'cases', part, 'variant', chosen],
    queryFn: () => get<Cases>('process/cases', { ...part, variant: chosen }),
    enabled: chosen !== undefined,
  });
  if (asked.error) return <Failed error={asked.error} again={asked.refetch} />;
  if (!asked.data) return <Loading lines={8} />;
  const all = asked.data;
  return (
    <div className={behind.data ? 'panes' : undefined}>
      <section className="card">
        <header>
          <h2>{t('process-variants')}</h2>
          <span className="muted">{t('variants-sub', { count: all.count, cases: all.cases })}</span>
        </header>
        <ol className="ways">
          {all.variants.map((v, at) => (
            <li key={v.steps.join('>')} data-on={chosen === at || undefined}>
              <button type="button" onClick={() => choose(at)} aria-expanded={chosen === at}>
                <span className="share">
                  <b>{Math.round((v.cases * 1000) / Math.max(all.cases, 1)) / 10}%</b>
                  <span className="muted">{count(lang, v.cases)}</span>
                  <span className="muted">{lasting(lang, v.median)}</span>
                </span>
                <span className="steps">
                  {v.steps.map((step, n) => (
                    <span key={`${step}${n}`} className="tag">
                      {name(step)}
                    </span>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </section>
      {behind.data && (
        <CaseList cases={behind.data} title={t('variant-nth', { nth: (chosen ?? 0) + 1 })} />
      )}
    </div>
  );
}
