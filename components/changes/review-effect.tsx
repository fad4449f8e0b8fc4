'use client';
// Step 3 of the review: what becomes of the traffic that is seen now, and of the saved cases. In: Preview. Out: sections.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import type { ReactNode } from 'react';
import type { EffectKind, Preview } from '../../model/change';
import { formatAge, formatInstant, plural } from '../ui/format';
import { useNow } from '../ui/use-now';
import { EFFECT_ORDER, EFFECT_WORDS } from './change-words';
import { EffectMark, EffectTable } from './effect-table';
import { ForecastBars } from './forecast-bars';
import styles from './review.module.css';

function Counts({ preview }: { readonly preview: Preview }): ReactNode {
  const count = (kind: EffectKind): number => preview.effects.filter((effect) => effect.kind === kind).length;
  return (
    <ul className={styles['counts']} aria-label="Callers by outcome">
      {EFFECT_ORDER.filter((kind) => count(kind) > 0).map((kind) => (
        <li key={kind}>
          {plural(count(kind), 'caller')} <EffectMark kind={kind} />
        </li>
      ))}
    </ul>
  );
}

function Cases({ preview }: { readonly preview: Preview }): ReactNode {
  const changed = preview.cases.filter((one) => one.changed);
  if (preview.cases.length === 0) return null;
  return (
    <section className={styles['section']} aria-label="Saved cases">
      <h2>Saved cases</h2>
      {changed.length === 0 ? (
        <p className={styles['good']}>✓ {plural(preview.cases.length, 'saved case')} come out as before.</p>
      ) : (
        <ul className={styles['cases']}>
          {changed.map(({ name, before, after }) => (
            <li key={name}>
              <strong>{name}</strong>
              <dl>
                <dt>Now</dt>
                <dd>{before}</dd>
                <dt>Then</dt>
                <dd>{after}</dd>
              </dl>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function ReviewEffect({ preview }: { readonly preview: Preview }): ReactNode {
  const nowMs = useNow(10_000);
  const { trafficAtMs, windowSeconds, effects, forecast } = preview;
  const unknown = effects.some(({ kind }) => kind === 'unknown');
  return (
    <div className={styles['part']}>
      {trafficAtMs === null ? (
        <Alert isInline variant="warning" title="No traffic is known" component="h2">
          <p>Prometheus has told nothing yet, so that nobody can say who is hit. The plan and its findings hold all the same.</p>
        </Alert>
      ) : (
        <>
          <section className={styles['section']} aria-label="Callers">
            <h2>Callers</h2>
            <p className={styles['subtle']}>
              From the traffic of {formatAge(windowSeconds * 1000)} until {formatInstant(trafficAtMs)}
              {nowMs === null ? '' : ` (${formatAge(nowMs - trafficAtMs)} ago)`}.
            </p>
            {effects.length === 0 ? (
              <p>Nobody was seen calling the touched hosts in that time.</p>
            ) : (
              <>
                <Counts preview={preview} />
                <EffectTable effects={effects} />
              </>
            )}
            {unknown ? (
              <p className={styles['subtle']}>
                “{EFFECT_WORDS.unknown}”: the rules look at what metrics do not carry, such as path or headers. Ask the explain page of one
                such request.
              </p>
            ) : null}
          </section>
          {forecast.length === 0 ? null : (
            <section className={styles['section']} aria-label="Versions">
              <h2>Versions</h2>
              <ForecastBars
                forecast={forecast}
                tcpHosts={new Set(effects.filter(({ protocol }) => protocol === 'tcp').map(({ host }) => host))}
              />
            </section>
          )}
        </>
      )}
      <Cases preview={preview} />
    </div>
  );
}
