'use client';
// The metrics of a namespace, app, workload or service: inbound and outbound side by side. In: the entity, who looks, the refresh choice. Out: the tab;
// the address is its state. Ranges are zoomed on all charts together; changes of the journal are marked on all of them.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { type ReactNode, useState } from 'react';
import type { PanelRange } from '../../model/dashboard-query';
import type { EntityRef } from '../../model/entity';
import { METRIC_DIRECTIONS } from '../../model/entity-metrics';
import { ChangeMarkers } from '../changes/change-markers';
import type { SessionState } from '../live/session-store';
import { DirectionCharts } from './direction-charts';
import styles from './metrics-tab.module.css';
import { MetricsToolbar } from './metrics-toolbar';
import { useMetricsAddress } from './use-metrics-address';

interface Props {
  readonly entity: EntityRef;
  readonly session: SessionState;
  readonly refreshSeconds: number;
  readonly refreshCount: number;
  readonly fetch?: typeof fetch;
}

/** Charts are heavier than a page of the graph: they are asked for no more often than this. */
const LEAST_REFRESH_SECONDS = 15;
const LEAST_RANGE_SECONDS = 60;

export function MetricsTab({ entity, session, refreshSeconds, refreshCount, fetch }: Props): ReactNode {
  const { choice, problem, write } = useMetricsAddress();
  /** The range of before the first zoom. */
  const [unzoomed, setUnzoomed] = useState<PanelRange | null>(null);
  const { range, direction } = choice;
  const refreshMs = refreshSeconds === 0 || range.atSeconds !== null ? 0 : Math.max(LEAST_REFRESH_SECONDS, refreshSeconds) * 1000;
  const zoom = (fromMs: number, toMs: number): void => {
    setUnzoomed((old) => old ?? range);
    const rangeSeconds = Math.max(LEAST_RANGE_SECONDS, Math.round((toMs - fromMs) / 1000));
    write({ range: { rangeSeconds, atSeconds: Math.round(toMs / 1000) } });
  };
  const reset = (): void => {
    if (unzoomed !== null) write({ range: unzoomed });
    setUnzoomed(null);
  };
  const shown = METRIC_DIRECTIONS.filter((one) => direction === 'both' || direction === one);
  return (
    <ChangeMarkers {...(fetch === undefined ? {} : { fetch })}>
      <MetricsToolbar
        kind={entity.kind}
        choice={choice}
        write={(change) => {
          // A range that is chosen is no zoom to come back from.
          if (change.range !== undefined) setUnzoomed(null);
          write(change);
        }}
        onReset={unzoomed === null ? null : reset}
      />
      {problem === null ? null : (
        <Alert variant="warning" isInline title="The address cannot be read">
          {problem}
        </Alert>
      )}
      <div className={styles['directions']}>
        {shown.map((one) => (
          <DirectionCharts
            key={one}
            entity={entity}
            direction={one}
            alone={shown.length === 1}
            choice={choice}
            write={write}
            explorable={session.me?.sees === 'all'}
            refreshMs={refreshMs}
            refreshCount={refreshCount}
            onRange={zoom}
            {...(fetch === undefined ? {} : { fetch })}
          />
        ))}
      </div>
    </ChangeMarkers>
  );
}
