// Leads and opportunities as a board: drag a card, or move it by its menu; both run a verb.
import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRightLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type Page, type Row, list, send } from '../api/client.ts';
import { useWords } from '../lib/i18n.tsx';
import { add, compact, count } from '../lib/number.ts';
import { useMe } from '../lib/session.tsx';
import type { ListSearch } from '../router.tsx';
import { useListSearch } from '../meta/list-screen.tsx';
import type { Entity } from '../meta/meta.ts';
import { Ref } from '../meta/show.tsx';
import { useRefresh, useVerb } from '../meta/verbs.tsx';
import { Menu } from '../ui/menu.tsx';
import { Button } from '../ui/parts.tsx';
import { toast, useToastProblem } from '../ui/toast.tsx';

type Lane = { key: string; label: string; filter: string[]; color: string };
/** Runs what takes a card to a lane; false where nothing leads there. */
type MoveCard = (row: Row, from: string, to: string) => Promise<boolean>;
type BoardProps = {
  entity: Entity;
  lanes: Lane[];
  fields: string;
  worth: string;
  title: string;
  move: MoveCard;
  targets: (row: Row, from: string) => string[];
};

const LEAD_LANES = ['new', 'in_pool', 'assigned', 'working', 'qualified', 'nurturing'];

export function LeadBoard({ entity }: { entity: Entity }) {
  const { words } = useWords();
  const { run, dialog } = useVerb(entity);
  const lanes = LEAD_LANES.map((state) => ({
    key: state,
    label: words.state('lead', state),
    filter: [`state:eq:${state}`],
    color: 'lead',
  }));
  const verbTo = (from: string, to: string): string | undefined =>
    entity.moves.find(
      (m) => m.from === from && m.to === to && entity.verbs.some((v) => v.name === m.verb && v.may),
    )?.verb;
  return (
    <>
      <Board
        entity={entity}
        lanes={lanes}
        fields="number,name,company_name,est_amount,currency,owner,state,version,score"
        worth="est_amount"
        title="company_name"
        targets={(_, from) => LEAD_LANES.filter((to) => to !== from && verbTo(from, to))}
        move={async (row, from, to) => {
          const verb = verbTo(from, to);
          if (verb) await run(verb, row);
          return verb !== undefined;
        }}
      />
      {dialog}
    </>
  );
}

const STAGES = ['discovery', 'solution', 'quoted', 'negotiation'];

export function OpportunityBoard({ entity }: { entity: Entity }) {
  const { words, t } = useWords();
  const { run, dialog } = useVerb(entity);
  const refresh = useRefresh();
  const problem = useToastProblem();
  const ends = [
    ['won', 'win'],
    ['lost', 'lose'],
  ] as const;
  const lanes = [
    ...STAGES.map((stage) => ({
      key: stage,
      label: words.option('opportunity', 'stage', stage),
      filter: ['state:eq:open', `stage:eq:${stage}`],
      color: 'opportunity',
    })),
    ...ends.map(([state]) => ({
      key: state,
      label: words.state('opportunity', state),
      filter: [`state:eq:${state}`],
      color: state === 'won' ? 'cash' : 'quote',
    })),
  ];
  const advance = async (row: Row, from: string, to: string): Promise<boolean> => {
    const end = ends.find(([state]) => state === to);
    if (end) {
      await run(end[1], row);
      return true;
    }
    if (!STAGES.includes(to) || !STAGES.includes(from)) return false;
    // Skipping a stage, or going back, needs a reason: the verb's own form asks for it.
    if (STAGES.indexOf(to) !== STAGES.indexOf(from) + 1) {
      await run('advance', { ...row, stage: to });
      return true;
    }
    const post = (stage: string, version?: number, reason = '') =>
      send(`opportunities/${row.id}/advance`, { stage, reason }, { version });
    try {
      await post(to, row.version);
      const undo = (): void => void post(from, undefined, t('undo')).then(refresh, problem);
      toast(
        t('moved-to', { what: String(row['name']), to: words.option('opportunity', 'stage', to) }),
        { action: { label: t('undo'), run: undo } },
      );
    } catch (error) {
      problem(error);
    }
    await refresh();
    return true;
  };
  const may = (verb: string): boolean => entity.verbs.some((v) => v.name === verb && v.may);
  return (
    <>
      <Board
        entity={entity}
        lanes={lanes}
        fields="number,name,party,amount,currency,owner,stage,state,version,close_expected"
        worth="amount"
        title="name"
        targets={(_, from) =>
          STAGES.includes(from) && may('advance')
            ? [
                ...STAGES.filter((s) => s !== from),
                ...ends.filter(([, verb]) => may(verb)).map(([state]) => state),
              ]
            : []
        }
        move={advance}
      />
      {dialog}
    </>
  );
}

function Board({ entity, lanes, fields, worth, title, move, targets }: BoardProps) {
  const [search] = useListSearch();
  return (
    <div className="board grow" role="region" aria-label={entity.name} tabIndex={0}>
      {lanes.map((lane) => (
        <LaneColumn
          key={lane.key}
          lane={lane}
          lanes={lanes}
          {...{ entity, fields, worth, title, move, targets, search }}
        />
      ))}
    </div>
  );
}

type LaneProps = Omit<BoardProps, 'lanes'> & { lane: Lane; lanes: Lane[]; search: ListSearch };

function LaneColumn({
  lane,
  lanes,
  entity,
  fields,
  worth,
  title,
  move,
  targets,
  search,
}: LaneProps) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const box = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const mover = useRef(move);
  mover.current = move;
  // The list's own conditions, without the states that the lanes themselves are.
  const filter = [...(search.filter ?? []).filter((f) => !f.startsWith('state:')), ...lane.filter];
  const asked = useInfiniteQuery({
    queryKey: ['board', entity.collection, lane.key, filter, search.where, search.q],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      list(entity.collection, {
        filter,
        where: search.where,
        q: search.q,
        fields,
        sort: '-id',
        limit: 25,
        cursor: pageParam || undefined,
        count: 'capped',
      }),
    getNextPageParam: (page: Page) => page.next ?? undefined,
  });
  const rows = asked.data?.pages.flatMap((p) => p.rows) ?? [];
  const total = asked.data?.pages[0]?.total ?? 0;
  useEffect(() => {
    if (!box.current) return;
    return dropTargetForElements({
      element: box.current,
      getData: () => ({ lane: lane.key }),
      canDrop: ({ source }) => source.data['lane'] !== lane.key,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const row = source.data['row'] as Row;
        void mover.current(row, String(source.data['lane']), lane.key).then((could) => {
          if (!could) toast(t('move-none', { to: lane.label }), { tone: 'bad' });
        });
      },
    });
  }, [lane.key, lane.label, t]);
  const own = rows.filter((r) => !r['currency'] || r['currency'] === company.currency);
  return (
    <section
      className="lane"
      ref={box}
      data-over={over || undefined}
      style={{ '--c': `var(--st-${lane.color})` } as never}
      aria-label={lane.label}
    >
      <header>
        <b>{lane.label}</b>
        <span className="muted">{typeof total === 'number' ? count(lang, total) : total}</span>
        <span className="sp" />
        {rows.length > 0 && (
          <span className="amt">
            {compact(lang, add(own.map((r) => String(r[worth] ?? '0'))), company.currency)}
            {asked.hasNextPage ? '+' : ''}
          </span>
        )}
      </header>
      <ul>
        {rows.map((row) => (
          <Card
            key={row.id}
            {...{ row, lane, lanes, worth, title, entity }}
            targets={targets(row, lane.key)}
            move={(to) => void move(row, lane.key, to)}
          />
        ))}
        {asked.data && rows.length === 0 && <li className="none">{t('board-none')}</li>}
        {asked.hasNextPage && (
          <li>
            <Button
              kind="ghost"
              busy={asked.isFetchingNextPage}
              onClick={() => void asked.fetchNextPage()}
            >
              {t('rows-more')}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}

type CardProps = {
  row: Row;
  lane: Lane;
  lanes: Lane[];
  worth: string;
  title: string;
  entity: Entity;
  targets: string[];
  move: (to: string) => void;
};

function Card({ row, lane, lanes, worth, title, entity, targets, move }: CardProps) {
  const { t, lang } = useWords();
  const { company } = useMe();
  const box = useRef<HTMLLIElement>(null);
  const [dragged, setDragged] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    return draggable({
      element: box.current,
      getInitialData: () => ({ row, lane: lane.key }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [row, lane.key]);
  const label = t('move-card', { what: String(row['number']) });
  const button = (
    <button type="button" className="btn ghost icon" aria-label={label}>
      <ArrowRightLeft aria-hidden />
    </button>
  );
  const items = targets.map((to) => ({
    key: to,
    label: lanes.find((l) => l.key === to)?.label ?? to,
    run: () => move(to),
  }));
  return (
    <li className="kcard" ref={box} data-drag={dragged || undefined}>
      <Link to="/$collection/$id" params={{ collection: entity.collection, id: row.id }}>
        <b>{String(row[title] || row['name'] || row['number'])}</b>
      </Link>
      <span className="r">
        {row['party'] ? (
          <Ref entity="party" id={row['party']} plain />
        ) : (
          <span>{String(row['name'] ?? '')}</span>
        )}
      </span>
      <span className="r">
        <span className="amt">
          {compact(lang, row[worth], String(row['currency'] || company.currency))}
        </span>
        <span className="muted">{String(row['close_expected'] ?? '')}</span>
        <span className="sp" />
        <span className="muted">
          <Ref entity="user" id={row['owner']} plain />
        </span>
        {targets.length > 0 && <Menu trigger={button} items={items} />}
      </span>
    </li>
  );
}
