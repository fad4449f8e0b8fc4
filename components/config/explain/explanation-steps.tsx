'use client';
// What happens to a request, step by step: virtual host, rules tried, winner, destinations, policy, mutual TLS, authorization.
// In: Explanation. Out: an ordered list.
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import MinusCircleIcon from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ConfigPointer } from '../../../model/routing';
import type { Explanation } from '../../../model/steering';
import { configHref } from '../../ui/config-address';
import { formatShare } from '../../ui/format';
import { SimpleTable } from '../../ui/simple-table';
import styles from './explain.module.css';
import {
  AUTHORIZATION_RESULTS,
  groupOutcomes,
  listExtras,
  MTLS_RESULTS,
  refOfPointer,
  toneOfAuthorization,
  toneOfMtls,
  wordEndpoints,
  wordOutcome,
} from './explanation-words';
import { encodePolicy } from './policy-text';

function Pointer({ pointer }: { readonly pointer: ConfigPointer }): ReactNode {
  const ref = refOfPointer(pointer);
  const text = `${pointer.kind} ${pointer.namespace}/${pointer.name}`;
  return (
    <span className={styles['pointer']}>
      {ref === null ? (
        text
      ) : (
        <Link href={configHref(ref)} prefetch={false}>
          {text}
        </Link>
      )}
      {pointer.path === '' ? null : <code>{pointer.path}</code>}
    </span>
  );
}

const DecidedBy = ({ pointer }: { readonly pointer: ConfigPointer | null }): ReactNode =>
  pointer === null ? (
    'by default'
  ) : (
    <>
      by <Pointer pointer={pointer} />
    </>
  );

const samePointer = (a: ConfigPointer | null, b: ConfigPointer): boolean =>
  a !== null && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name && a.path === b.path;

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <li className={styles['step']}>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

function Verdict({ tone, children }: { readonly tone: 'good' | 'bad' | 'open'; readonly children: ReactNode }): ReactNode {
  return <strong className={`${styles['verdict']} ${styles[tone]}`}>{children}</strong>;
}

function Tried({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { tried, rule: winner } = explanation.decision;
  if (tried.length === 0) return <p className={styles['subtle']}>No route object has rules for this host and caller.</p>;
  return (
    <ol className={styles['rules']}>
      {tried.map(({ rule, name, matched, why }, index) => {
        const won = samePointer(winner, rule);
        return (
          <li key={`${rule.kind} ${rule.namespace} ${rule.name} ${rule.path}`} className={won ? styles['won'] : undefined}>
            <span className={`${styles['mark']} ${matched ? styles['good'] : styles['subtle']}`}>
              {matched ? <CheckCircleIcon aria-hidden /> : <MinusCircleIcon aria-hidden />}
            </span>
            <div>
              <p>
                <strong>
                  Rule {index + 1}
                  {name === null || name === '' ? '' : ` “${name}”`}
                </strong>{' '}
                {matched ? (won ? 'wins' : 'matches') : 'does not match'}: {why}
              </p>
              <p className={styles['subtle']}>
                <Pointer pointer={rule} />
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Destinations({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { decision } = explanation;
  if (decision.outcome !== 'route') return null;
  return (
    <SimpleTable name="Destinations" heads={['Share', 'Destination', 'Endpoints']} scroll>
      {decision.destinations.map((one) => (
        <tr key={`${one.clusterName} ${one.share}`}>
          <td className={styles['share']}>
            <span className={styles['barBox']} aria-hidden>
              <span className={styles['barFill']} style={{ width: `${Math.round(one.share * 100)}%` }} />
            </span>
            {formatShare(one.share)}
          </td>
          <td>
            {one.host}
            {one.subset === null ? '' : ` · ${one.subset}`} <span className={styles['subtle']}>:{one.port}</span>
          </td>
          <td className={one.state === 'ok' ? undefined : styles['bad']} title={one.endpoints?.join(', ')}>
            {wordEndpoints(one)}
          </td>
        </tr>
      ))}
    </SimpleTable>
  );
}

export function ExplanationSteps({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { decision, policies, mtls, authorization } = explanation;
  const extras = listExtras(decision);
  return (
    <ol className={styles['steps']}>
      <Step title="Virtual host">
        {decision.virtualHost === null ? (
          <p>No virtual host takes this host and port.</p>
        ) : (
          <p>
            <code>{decision.virtualHost}</code>
          </p>
        )}
      </Step>
      <Step title={`Rules tried (${decision.tried.length})`}>
        <Tried explanation={explanation} />
      </Step>
      <Step title="Where it goes">
        <p>{wordOutcome(decision)}</p>
        <Destinations explanation={explanation} />
        {extras.length === 0 ? null : (
          <dl className={styles['facts']}>
            {extras.map(({ name, text }) => (
              <div key={`${name} ${text}`}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )}
      </Step>
      {policies.length === 0 ? null : (
        <Step title="DestinationRule">
          <ul className={styles['list']}>
            {policies.map(({ host, subset, decidedBy, policy }) => (
              <li key={`${host} ${subset ?? ''}`}>
                <p>
                  {host}
                  {subset === null ? '' : ` · ${subset}`}:{' '}
                  {decidedBy === null ? <span className={styles['subtle']}>none, Istio’s defaults</span> : <Pointer pointer={decidedBy} />}
                </p>
                {policy === null ? null : <pre className={styles['policy']}>{encodePolicy(policy)}</pre>}
              </li>
            ))}
          </ul>
        </Step>
      )}
      {mtls.length === 0 ? null : (
        <Step title="Between the proxies">
          <ul className={styles['list']}>
            {groupOutcomes(mtls).map(({ workloads, outcome }) => (
              <li key={workloads.join()}>
                <p>
                  <Verdict tone={toneOfMtls(outcome)}>{MTLS_RESULTS[outcome.result]}</Verdict> with {workloads.join(', ')}: {outcome.why}
                </p>
                <p className={styles['subtle']}>
                  Server: {outcome.serverMode} <DecidedBy pointer={outcome.serverDecidedBy} />
                </p>
                <p className={styles['subtle']}>
                  Client: {outcome.clientMode} <DecidedBy pointer={outcome.clientDecidedBy} />
                </p>
              </li>
            ))}
          </ul>
        </Step>
      )}
      {authorization.length === 0 ? null : (
        <Step title="Authorization">
          <ul className={styles['list']}>
            {groupOutcomes(authorization).map(({ workloads, outcome }) => (
              <li key={workloads.join()}>
                <p>
                  <Verdict tone={toneOfAuthorization(outcome)}>{AUTHORIZATION_RESULTS[outcome.outcome]}</Verdict> at {workloads.join(', ')}:{' '}
                  {outcome.why}
                  {outcome.outcome === 'depends' ? ` It depends on ${outcome.on.join(', ')}.` : ''}
                </p>
                {outcome.decidedBy === null ? null : (
                  <p className={styles['subtle']}>
                    <Pointer pointer={outcome.decidedBy} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </Step>
      )}
    </ol>
  );
}
