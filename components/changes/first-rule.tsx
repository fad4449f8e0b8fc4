'use client';
// A service without rules: what happens without them, the API that is to keep the first one, and the first one. In: the document. Out: edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import Link from 'next/link';
import { type ReactNode, useId, useState } from 'react';
import type { Intent, RuleRef } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { newConfigHref } from '../ui/config-address';
import { plural } from '../ui/format';
import { AddRule } from './add-rule';
import { SelectField } from './form-parts';
import { listFor, type Target } from './prediction';
import { listApiChoices, portsOfHttp, type RouteApi } from './route-api';
import styles from './routing.module.css';
import { targetsFor } from './rule-card';
import { versionName } from './rule-targets';
import { toPercent } from './weight-link';

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly targets: readonly Target[];
  readonly disabled: boolean;
  readonly onPut: (...intents: readonly Intent[]) => void;
  /** Defines subsets for versions that have none, before weights name them. */
  readonly define: (subsets: readonly (string | null)[]) => readonly Intent[];
}

function ApiChooser(props: {
  readonly document: ServiceRoutingDocument;
  readonly api: RouteApi;
  readonly onChoose: (api: RouteApi) => void;
}): ReactNode {
  const { document, api, onChoose } = props;
  const id = useId();
  return (
    <fieldset className={styles['apis']}>
      <legend>Rules are kept in a</legend>
      {listApiChoices(document).map((one) => (
        <label key={one.api} className={styles['api']}>
          <input
            type="radio"
            name={id}
            checked={api === one.api}
            disabled={one.refusal !== null}
            aria-describedby={`${id}-${one.api}`}
            onChange={() => onChoose(one.api)}
          />
          <span>
            <strong>{one.label}</strong>
            <span id={`${id}-${one.api}`} className={styles['sub']}>
              {one.refusal === null ? (
                one.hint
              ) : (
                <>
                  Not here: {one.refusal}. <Link href={newConfigHref(one.api, document.namespace)}>New {one.api} as YAML</Link>
                </>
              )}
            </span>
          </span>
        </label>
      ))}
      <p className={styles['sub']}>
        One or the other: for a host, proxies follow the objects of one API only. A gateway gets its own route below.
      </p>
    </fieldset>
  );
}

export function FirstRule({ document, targets, disabled, onPut, define }: Props): ReactNode {
  const [api, setApi] = useState<RouteApi>('VirtualService');
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const { host, versions } = document;
  const split = versions.filter((version) => versionName(version) !== null);
  const ready = versions.reduce((all, { readyEndpoints }) => all + readyEndpoints, 0);
  const mesh = api === 'VirtualService';
  const httpPorts = portsOfHttp(document);
  const port = mesh ? (document.ports[0]?.port ?? null) : (httpPorts.find((one) => one === chosen) ?? httpPorts[0] ?? null);
  // A route of the Gateway API is for one port where the service has several.
  const one = document.ports.length > 1 && port !== null ? { port } : {};
  const rule: RuleRef = mesh
    ? { object: null, list: listFor(document), index: 0, host }
    : { object: null, list: 'http', index: 0, host, as: api, ...one };
  const start = (): void => {
    const weights = toPercent(split.map(({ readyEndpoints }) => readyEndpoints));
    const bySubset = split.map((version, i) => ({ host, subset: versionName(version), port: null, weight: weights[i] ?? 0 }));
    const whole = [{ host, subset: null, port, weight: 1 }];
    const destinations = mesh && bySubset.length > 0 ? bySubset : whole;
    onPut(...(mesh ? define(destinations.map(({ subset }) => subset)) : []), { type: 'weights', rule, destinations });
  };
  return (
    <div className={styles['none']}>
      <p>
        <strong>No rule.</strong> Kubernetes spreads the requests evenly over{' '}
        {ready === 1 ? 'the one ready endpoint' : `all ${plural(ready, 'ready endpoint')}`}
        {split.length > 1 ? ` of ${plural(split.length, 'version')}: a version gets as much as it has endpoints` : ''}.
      </p>
      {disabled ? null : (
        <>
          <ApiChooser document={document} api={api} onChoose={setApi} />
          {mesh || document.ports.length < 2 || port === null ? null : (
            <SelectField
              label="Port that the route is for"
              value={String(port)}
              choices={httpPorts.map((each) => ({
                value: String(each),
                label: `${each} (${document.ports.find((known) => known.port === each)?.name || 'no name'})`,
              }))}
              onChoose={(text) => setChosen(Number(text))}
            />
          )}
          {adding ? (
            <AddRule
              at={rule}
              targets={targetsFor(rule, targets)}
              port={port}
              onCancel={() => setAdding(false)}
              onPut={(intent, subsets) => {
                onPut(...define(subsets), intent);
                setAdding(false);
              }}
            />
          ) : (
            <div className={styles['starts']}>
              <Button variant="secondary" onClick={start}>
                {mesh && split.length > 1 ? 'Split by version' : 'Start a route'}
              </Button>
              <Button variant="link" onClick={() => setAdding(true)}>
                Add a rule with conditions
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  );
}
