// Which heading is which column of ours: guessed with its confidence, corrected by hand.
import { useWords } from '../lib/i18n.tsx';
import { CardTable } from '../ui/card-table.tsx';
import { Labelled, Note } from '../ui/parts.tsx';
import { type Guess, type Known, type Wish, columnName } from './import-data.ts';

export function Columns(props: {
  known: Known;
  wish: Wish;
  set: (change: Partial<Wish>) => void;
  guess: Guess;
}) {
  const { known, wish, set, guess } = props;
  const { t, words } = useWords();
  const said = wish.columns.length > 0;
  const assigned = said ? wish.columns : guess.assigned;
  const target = known.targets.find((one) => one.name === (wish.target || guess.target));
  const ours = (heading: string): string =>
    assigned.find(([, theirs]) => theirs === heading)?.[0] ?? '';
  const lacks = (target?.columns ?? []).filter(
    (c) => c.needed && !assigned.some(([name]) => name === c.name),
  );
  const assign = (heading: string, name: string): void => {
    const others = assigned.filter(([n, theirs]) => theirs !== heading && n !== name);
    const columns: [string, string][] = name ? [...others, [name, heading]] : others;
    set({ target: target?.name ?? '', columns, edits: [] });
  };
  return (
    <section className="card">
      <header>
        <h2>{t('import-columns')}</h2>
        <span className="sp" />
        {!said && lacks.length === 0 && (
          <button
            type="button"
            className="btn primary"
            onClick={() => set({ target: target?.name ?? '', columns: guess.assigned })}
          >
            {t('import-columns-right')}
          </button>
        )}
      </header>
      <div className="in stack">
        <div className="fields">
        <Labelled label={t('import-target')}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={target?.name ?? ''}
              onChange={(e) => set({ target: e.target.value, columns: [], edits: [] })}
            >
              {known.targets.map((one) => (
                <option key={one.name} value={one.name}>
                  {t(`import-target-${one.name}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        </div>
        {lacks.length > 0 && (
          <Note tone="warn">
            {t('import-lacks', {
              what: lacks.map((c) => columnName(words, c.name)).join(t('list-comma')),
            })}
          </Note>
        )}
        <div className="scroll" tabIndex={0} role="region" aria-label={t('import-columns')}>
          <CardTable>
            <thead>
              <tr>
                <th>{t('import-heading')}</th>
                <th>{t('import-becomes')}</th>
                <th>{t('import-samples')}</th>
                <th className="num">{t('import-sure')}</th>
              </tr>
            </thead>
            <tbody>
              {guess.columns.map((column) => (
                <tr key={column.heading}>
                  <td>{column.heading}</td>
                  <td>
                    <select
                      className="select"
                      aria-label={t('import-becomes-of', { what: column.heading })}
                      value={ours(column.heading)}
                      onChange={(e) => assign(column.heading, e.target.value)}
                    >
                      <option value="">{t('import-left-out')}</option>
                      {target?.columns.map((c) => (
                        <option key={c.name} value={c.name}>
                          {columnName(words, c.name)}
                          {c.needed ? ' *' : ''}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td className="muted">{column.samples.join(' · ')}</td>
                  <td className="num">
                    {column.field && ours(column.heading) === column.field
                      ? `${column.confidence} %`
                      : ''}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      </div>
    </section>
  );
}
