'use client';
// The buttons of the toolbar that begin and end a comparison and a replay, and pin the graph at this instant. In: the address. Out: buttons.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import BalanceScaleIcon from '@patternfly/react-icons/dist/esm/icons/balance-scale-icon';
import HistoryIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import ThumbtackIcon from '@patternfly/react-icons/dist/esm/icons/thumbtack-icon';
import type { ReactNode } from 'react';
import { DEFAULT_HISTORY_SECONDS, DEFAULT_STEP_SECONDS } from '../../model/replay';
import { encodeRange, lastRange, STANDARD_BASELINE } from './time-url';

interface Props {
  readonly atSeconds: number | null;
  /** Instant of the graph shown, ms since the epoch; null before the first. */
  readonly shownAtMs: number | null;
  readonly compare: string;
  readonly replay: string;
  readonly onCompare: (text: string) => void;
  readonly onReplay: (text: string) => void;
  readonly onAt: (atSeconds: number | null) => void;
}

/** A pinned instant is where a replay begins, in the middle of the range; else the last half hour from its start. */
const startRange = (atSeconds: number | null): ReturnType<typeof lastRange> =>
  lastRange(
    Math.min(Date.now(), atSeconds === null ? Number.POSITIVE_INFINITY : (atSeconds + DEFAULT_HISTORY_SECONDS / 2) * 1000),
    DEFAULT_HISTORY_SECONDS,
    DEFAULT_STEP_SECONDS,
  );

export function TimeMenu({ atSeconds, shownAtMs, compare, replay, onCompare, onReplay, onAt }: Props): ReactNode {
  const toggleReplay = (): void => {
    if (replay !== '') {
      onReplay('');
      return;
    }
    const range = startRange(atSeconds);
    onReplay(encodeRange(range));
    if (atSeconds === null) onAt(range.fromSeconds);
  };
  const button = (name: string, icon: ReactNode, on: boolean, toggle: () => void, title = name): ReactNode => (
    <Button variant="control" icon={icon} aria-label={name} title={title} aria-pressed={on} isClicked={on} onClick={toggle} />
  );
  return (
    <>
      {button(
        'Compare',
        <BalanceScaleIcon />,
        compare !== '',
        () => onCompare(compare === '' ? STANDARD_BASELINE : ''),
        'Compare with another time',
      )}
      {button('Replay', <HistoryIcon />, replay !== '', toggleReplay, 'Replay the past')}
      {shownAtMs === null
        ? null
        : button(
            'Pin',
            <ThumbtackIcon />,
            atSeconds !== null,
            () => onAt(atSeconds === null ? Math.floor(shownAtMs / 1000) : null),
            atSeconds === null ? 'Pin the graph at this instant: the address then shows it to everybody' : 'Unpin: back to now',
          )}
    </>
  );
}
