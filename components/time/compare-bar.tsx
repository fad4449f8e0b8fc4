'use client';
// Comparing: what with what, how much of each kind, the table of it; what it puts on the graph goes to the page. In: the view and its graph.
// Out: a bar below the graph.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, useLayoutEffect, useMemo, useState } from 'react';
import { type Baseline, type ChangeTone, encodeBaseline } from '../../model/comparison';
import { encodeView, type GraphDocument, type ViewSpec } from '../../model/wire';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorAlert } from '../ui/error-alert';
import { formatInstant, formatWindow } from '../ui/format';
import { InstantInput } from '../ui/instant-input';
import { useJson } from '../ui/use-json';
import { addGhosts, type Drawing, markChanges } from './compare-drawing';
import { listChangeRows } from './compare-rows';
import { CompareTable } from './compare-table';
import { TONE_ORDER, TONE_SIGNS, TONE_WORDS } from './compare-words';
import styles from './time.module.css';
import { isComparisonDocument } from './time-guards';
import { BASELINE_CHOICES, wordBaseline } from './time-url';

export interface CompareBarProps {
  readonly view: ViewSpec;
  readonly document: GraphDocument | null;
  readonly baseline: Baseline;
  readonly selection: string | null;
  /** 0 = paused. */
  readonly refreshSeconds: number;
  readonly onBaseline: (baseline: string) => void;
  readonly onClose: () => void;
  readonly onSelect: (id: string) => void;
  readonly onDrawing: (drawing: Drawing | null) => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const AT = 'at';
/** The other window is read anew as time goes on: not as often as the graph. */
const MIN_REFRESH_SECONDS = 30;
const SHOWN_FIRST: ReadonlySet<ChangeTone> = new Set(['added', 'removed', 'worse', 'better', 'changed']);

function buildPath(view: ViewSpec, baseline: Baseline): string {
  const query = encodeView(view);
  query.set('with', encodeBaseline(baseline));
  return `/api/graph/compare?${query.toString()}`;
}

export function CompareBar(props: CompareBarProps): ReactNode {
  const { view, document, baseline, selection, refreshSeconds, onBaseline, onClose, onSelect, onDrawing, fetch } = props;
  const [tones, setTones] = useState<ReadonlySet<ChangeTone>>(SHOWN_FIRST);
  const [dim, setDim] = useState(true);
  const [table, setTable] = useState(false);
  const refreshMs = view.atSeconds !== null || refreshSeconds === 0 ? 0 : Math.max(refreshSeconds, MIN_REFRESH_SECONDS) * 1000;
  const { data, problem, loading, reload } = useJson(buildPath(view, baseline), {
    guard: isComparisonDocument,
    refreshMs,
    dropOnChange: true,
    deadlineMs: 60_000,
    ...(fetch === undefined ? {} : { fetch }),
  });

  const drawing = useMemo((): Drawing | null => {
    if (document === null || data === null) return null;
    const drawn = addGhosts(document, data);
    return { document: drawn, marks: markChanges(drawn, data, { tones, dim }) };
  }, [document, data, tones, dim]);
  useLayoutEffect(() => {
    onDrawing(drawing);
  }, [drawing, onDrawing]);
  useLayoutEffect(() => () => onDrawing(null), [onDrawing]);

  const rows = useMemo(
    () => (data === null || drawing === null ? [] : listChangeRows(data, drawing.document).filter(({ tone }) => tones.has(tone))),
    [data, drawing, tones],
  );
  const toggleTone = (tone: ChangeTone): void => {
    const next = new Set(tones);
    if (!next.delete(tone)) next.add(tone);
    setTones(next);
  };
  const text = baseline.kind === 'ago' ? encodeBaseline(baseline) : AT;
  const isListed = BASELINE_CHOICES.some(({ value }) => value === text);
  const choices = [
    ...BASELINE_CHOICES,
    ...(isListed || text === AT ? [] : [{ value: text, label: wordBaseline(baseline) }]),
    { value: AT, label: 'At an instant…' },
  ];
  const choose = (value: string): void => {
    if (value !== AT) onBaseline(value);
    else onBaseline(String(Math.floor((data?.before.atMs ?? Date.now() - 3_600_000) / 1000)));
  };
  return (
    <section className={styles['bar']} aria-label="Comparison">
      <div className={styles['row']}>
        <strong>Compare with</strong>
        <ChoiceSelect name="Compare with" value={text} choices={choices} onChoose={choose} className={styles['baseline'] ?? ''} />
        {baseline.kind === 'instant' ? (
          <InstantInput name="Instant to compare with" seconds={baseline.atSeconds} onSeconds={(seconds) => onBaseline(String(seconds))} />
        ) : null}
        <span className={styles['subtle']} role="status">
          {data === null ? (
            loading ? (
              <>
                <Spinner size="sm" aria-hidden /> Reading the other window…
              </>
            ) : null
          ) : (
            `${formatInstant(data.before.atMs)} → ${view.atSeconds === null ? 'now' : formatInstant(data.after.atMs)}, ${formatWindow(data.windowSeconds).toLowerCase()} each`
          )}
        </span>
        <Button
          className={styles['close'] ?? ''}
          variant="plain"
          icon={<TimesIcon />}
          aria-label="Stop comparing"
          title="Stop comparing"
          onClick={onClose}
        />
      </div>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data !== null && data.before.requestsPerSecond === 0 && data.before.tcpBytesPerSecond === 0 ? (
        <p className={styles['subtle']}>
          There was no traffic then, as far as Prometheus knows: it may not keep so long a past. Choose another time to compare with.
        </p>
      ) : null}
      {data === null ? null : (
        <div className={styles['row']}>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be drawn as one; these are toggles of one group */}
          <span role="group" aria-label="Kinds of changes" className={styles['row']}>
            {TONE_ORDER.map((tone) => {
              const count = data.edgeCounts[tone] + (tone === 'noise' ? 0 : data.nodeCounts[tone]);
              return (
                <button
                  key={tone}
                  type="button"
                  className={`${styles['chip']} ${styles[tone]}`}
                  aria-pressed={tones.has(tone)}
                  title={
                    tone === 'noise'
                      ? `Differences that chance could have made (${data.tests.count} were tested, each needs ${data.tests.deviations.toFixed(1)} standard deviations)`
                      : `${data.edgeCounts[tone]} edges, ${data.nodeCounts[tone]} nodes`
                  }
                  onClick={() => toggleTone(tone)}
                >
                  <span aria-hidden>{TONE_SIGNS[tone]}</span> {TONE_WORDS[tone]} {count}
                </button>
              );
            })}
          </span>
          <Button variant="control" size="sm" aria-pressed={dim} isClicked={dim} onClick={() => setDim(!dim)}>
            Dim the rest
          </Button>
          <Button variant="control" size="sm" aria-expanded={table} isClicked={table} onClick={() => setTable(!table)}>
            Table of changes
          </Button>
        </div>
      )}
      {table && data !== null ? (
        <CompareTable rows={rows} selection={selection} onSelect={onSelect} emptyText="Nothing of these kinds changed beyond noise." />
      ) : null}
    </section>
  );
}
