'use client';
// Replay: the range over the rates of the mesh, play and pause, speed, steps, back to live. In: the view, a range of the address.
// Out: a bar below the graph; the instant shown is the view's own.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import PauseIcon from '@patternfly/react-icons/dist/esm/icons/pause-icon';
import PlayIcon from '@patternfly/react-icons/dist/esm/icons/play-icon';
import BackwardStepIcon from '@patternfly/react-icons/dist/esm/icons/step-backward-icon';
import ForwardStepIcon from '@patternfly/react-icons/dist/esm/icons/step-forward-icon';
import { type ReactNode, useState } from 'react';
import { MAX_FRAMES, stepFor } from '../../model/replay';
import { encodeDuration, encodeView, type ViewSpec } from '../../model/wire';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorAlert } from '../ui/error-alert';
import { formatInstant } from '../ui/format';
import { InstantInput } from '../ui/instant-input';
import { useJson } from '../ui/use-json';
import { useStored } from '../ui/use-stored';
import { RateStrip } from './rate-strip';
import styles from './time.module.css';
import { isRateHistoryDocument, isReplayDocument } from './time-guards';
import { lastRange, type TimeRange } from './time-url';
import { nextFrame, SPEEDS, type Speed, usePlaying } from './use-playing';

export interface ReplayBarProps {
  readonly view: ViewSpec;
  readonly range: TimeRange;
  /** The frame asked for is not on the screen yet. */
  readonly waiting: boolean;
  readonly onAt: (seconds: number) => void;
  readonly onRange: (range: TimeRange, atSeconds: number) => void;
  /** Back to now. */
  readonly onLive: () => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const SPEED_CHOICES: readonly { readonly value: Speed; readonly label: string }[] = [
  { value: 'slow', label: 'Slow' },
  { value: 'medium', label: 'Medium' },
  { value: 'fast', label: 'Fast' },
];
const STEPS = [10, 15, 30, 60, 300, 3600] as const;
const LAST = [
  { value: '1800', label: 'Last 30 minutes' },
  { value: '3600', label: 'Last hour' },
  { value: '10800', label: 'Last 3 hours' },
] as const;
const CUSTOM = 'custom';
const decodeSpeed = (text: string): Speed | null => SPEED_CHOICES.find(({ value }) => value === text)?.value ?? null;
const decodeStep = (text: string): number | null => STEPS.find((step) => String(step) === text) ?? null;

export function ReplayBar({ view, range, waiting, onAt, onRange, onLive, fetch }: ReplayBarProps): ReactNode {
  const [speed, setSpeed] = useStored<Speed>('heddle.replaySpeed', 'medium', decodeSpeed, String);
  const [chosenStep, setStep] = useStored<number>('heddle.replayStep', STEPS[0], decodeStep, String);
  const seconds = range.toSeconds - range.fromSeconds;
  const stepSeconds = seconds / chosenStep < MAX_FRAMES ? chosenStep : stepFor(seconds);
  const atSeconds = Math.min(range.toSeconds, Math.max(range.fromSeconds, view.atSeconds ?? range.fromSeconds));
  // A link to one instant reads that instant alone; the frames are read when somebody sets them in motion.
  const [moved, setMoved] = useState(false);
  const [custom, setCustom] = useState(false);
  const asked = fetch === undefined ? {} : { fetch };
  const rates = useJson(
    `/api/graph/rates?${new URLSearchParams({ namespaces: view.namespaces.join(','), range: `${seconds}s`, end: String(range.toSeconds) }).toString()}`,
    { guard: isRateHistoryDocument, dropOnChange: true, deadlineMs: 60_000, ...asked },
  );
  const query = encodeView({ ...view, atSeconds: null, overlays: view.overlays.filter((overlay) => overlay !== 'quantiles') });
  query.set('start', String(range.fromSeconds));
  query.set('end', String(range.toSeconds));
  query.set('step', encodeDuration(stepSeconds));
  const frames = useJson(moved ? `/api/graph/replay?${query.toString()}` : null, {
    guard: isReplayDocument,
    deadlineMs: 180_000,
    dropOnChange: true,
    ...asked,
  });
  const go = (to: number): void => {
    setMoved(true);
    onAt(to);
  };
  const [playing, play] = usePlaying({ range, stepSeconds, atSeconds, speed, waiting: waiting || frames.loading, onAt });
  const last = LAST.find(({ value }) => Number(value) === seconds)?.value ?? CUSTOM;
  const next = nextFrame(atSeconds, stepSeconds, range);
  const chooseLast = (value: string): void => {
    setCustom(value === CUSTOM);
    if (value === CUSTOM) return;
    const chosen = lastRange(Date.now(), Number(value), stepSeconds);
    onRange(chosen, chosen.fromSeconds);
  };
  const adjust = (part: Partial<TimeRange>): void => {
    const chosen = { ...range, ...part };
    if (chosen.toSeconds <= chosen.fromSeconds) return;
    onRange(chosen, Math.min(chosen.toSeconds, Math.max(chosen.fromSeconds, atSeconds)));
  };
  return (
    <section className={styles['bar']} aria-label="Replay">
      <RateStrip range={range} stepSeconds={stepSeconds} atSeconds={atSeconds} rates={rates.data} onAt={go} />
      {rates.problem === null ? null : <ErrorAlert problem={rates.problem} onRetry={rates.reload} />}
      {frames.problem === null ? null : <ErrorAlert problem={frames.problem} onRetry={frames.reload} />}
      <div className={styles['row']}>
        <Button
          variant="plain"
          icon={<BackwardStepIcon />}
          aria-label="Previous frame"
          title="Previous frame"
          isDisabled={atSeconds <= range.fromSeconds}
          onClick={() => go(Math.max(range.fromSeconds, atSeconds - stepSeconds))}
        />
        <Button
          variant="primary"
          icon={playing ? <PauseIcon /> : <PlayIcon />}
          onClick={() => {
            setMoved(true);
            play(!playing);
          }}
        >
          {playing ? 'Pause' : 'Play'}
        </Button>
        <Button
          variant="plain"
          icon={<ForwardStepIcon />}
          aria-label="Next frame"
          title="Next frame"
          isDisabled={next === null}
          onClick={() => next !== null && go(next)}
        />
        <strong className={styles['when']}>{formatInstant(atSeconds * 1000)}</strong>
        <span role="status" className={styles['subtle']}>
          {frames.loading ? (
            <>
              <Spinner size="sm" aria-hidden /> Reading the frames…
            </>
          ) : (
            (frames.data?.warnings[0] ?? '')
          )}
        </span>
        <ChoiceSelect
          name="Speed"
          value={speed}
          choices={SPEED_CHOICES.map(({ value, label }) => ({ value, label: `${label}: ${SPEEDS[value] / 1000} s a frame` }))}
          onChoose={setSpeed}
          className={styles['choice'] ?? ''}
        />
        <ChoiceSelect
          name="Distance of frames"
          value={String(stepSeconds)}
          choices={[...new Set<number>([...STEPS.filter((step) => seconds / step < MAX_FRAMES && step < seconds), stepSeconds])]
            .sort((a, b) => a - b)
            .map((step) => ({ value: String(step), label: `Every ${encodeDuration(step)}` }))}
          onChoose={(text) => setStep(Number(text))}
          className={styles['choice'] ?? ''}
        />
        <ChoiceSelect
          name="Range of the replay"
          value={custom ? CUSTOM : last}
          choices={[...LAST, { value: CUSTOM, label: 'From … to …' }]}
          onChoose={chooseLast}
          className={styles['choice'] ?? ''}
        />
        {custom || last === CUSTOM ? (
          <span className={styles['row']}>
            <InstantInput name="Start of the replay" seconds={range.fromSeconds} onSeconds={(fromSeconds) => adjust({ fromSeconds })} />
            <span aria-hidden>–</span>
            <InstantInput name="End of the replay" seconds={range.toSeconds} onSeconds={(toSeconds) => adjust({ toSeconds })} />
          </span>
        ) : null}
        <Button className={styles['close'] ?? ''} variant="secondary" size="sm" onClick={onLive}>
          Back to live
        </Button>
      </div>
      {view.overlays.includes('quantiles') ? (
        <p className={styles['subtle']}>
          Quantiles are read frame by frame, which takes longer: choose other labels to play without a pause.
        </p>
      ) : null}
    </section>
  );
}
