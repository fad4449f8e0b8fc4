'use client';
// The configuration that decides about a service or lies in a namespace, with what the analysis found. In: names. Out: a section with links.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ConfigRef } from '../../model/edit';
import type { FindingSeverity } from '../../model/finding';
import { configHref, configPlaceHref } from '../ui/config-address';
import { ErrorAlert } from '../ui/error-alert';
import { plural } from '../ui/format';
import { useJson } from '../ui/use-json';
import { isConfigOutline, isRoutingOutline } from './config-guards';
import styles from './panel.module.css';
import { Section } from './panel-parts';

const ICONS = { error: ExclamationCircleIcon, warning: ExclamationTriangleIcon, info: InfoCircleIcon } as const;
const WORDS: Readonly<Record<FindingSeverity, string>> = { error: 'Error', warning: 'Warning', info: 'Remark' };
const RANK: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, info: 2 };
const MAX_OBJECTS = 12;

const wordRef = ({ kind, namespace, name }: ConfigRef): string => `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;

function Severity({ severity, children }: { readonly severity: FindingSeverity; readonly children?: ReactNode }): ReactNode {
  const Icon = ICONS[severity];
  return (
    <span className={`${styles['severity']} ${styles[severity]}`}>
      <Icon aria-hidden />
      <span className="pf-v6-screen-reader">{WORDS[severity]}: </span>
      {children}
    </span>
  );
}

/** Objects and findings of a service; configuration changes seldom: read when the panel opens and then every minute. */
export function ServiceConfig({ namespace, service }: { readonly namespace: string; readonly service: string }): ReactNode {
  const { data, problem, loading, reload } = useJson(
    `/api/services/${encodeURIComponent(namespace)}/${encodeURIComponent(service)}/routing`,
    {
      guard: isRoutingOutline,
      refreshMs: 60_000,
      dropOnChange: true,
    },
  );
  // A service that is only known from metrics has no routing to tell of.
  if (problem?.code === 'notFound') return null;
  const findings = data === null ? [] : [...data.findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return (
    <Section title={findings.length === 0 ? 'Configuration' : `Configuration: ${plural(findings.length, 'finding')}`}>
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data === null && loading ? <Skeleton height="3rem" screenreaderText="The configuration is being read" /> : null}
      {data === null ? null : (
        <>
          {findings.length === 0 ? null : (
            <ul className={styles['findings']}>
              {findings.map((finding) => (
                <li key={JSON.stringify([finding.code, finding.object, finding.path, finding.message])}>
                  <Severity severity={finding.severity}>{finding.code}</Severity> {finding.message}{' '}
                  <Link href={configPlaceHref(finding.object, finding.path)} prefetch={false}>
                    {wordRef(finding.object)}
                  </Link>
                </li>
              ))}
            </ul>
          )}
          {data.objects.length === 0 ? (
            <p className={styles['subtle']}>No object routes it: requests go to all of its endpoints alike.</p>
          ) : (
            <ul className={styles['hosts']}>
              {data.objects.map(({ ref, effective, why }) => (
                <li key={wordRef(ref)}>
                  <Link href={configHref(ref)} prefetch={false}>
                    {wordRef(ref)}
                  </Link>
                  {effective ? null : <span className={styles['subtle']}> has no effect: {why}</span>}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Section>
  );
}

/** What lies in a namespace, the objects with findings first. */
export function NamespaceConfig({ namespace }: { readonly namespace: string }): ReactNode {
  const { data, problem, loading, reload } = useJson(`/api/config?namespaces=${encodeURIComponent(namespace)}`, {
    guard: isConfigOutline,
    refreshMs: 60_000,
    dropOnChange: true,
  });
  const faulty = (data?.rows ?? []).filter(({ findings }) => findings.error + findings.warning > 0);
  return (
    <Section title="Configuration">
      {problem === null ? null : <ErrorAlert problem={problem} onRetry={reload} />}
      {data === null && loading ? <Skeleton height="3rem" screenreaderText="The configuration is being read" /> : null}
      {data === null ? null : (
        <>
          <p>
            <Link href={`/config?namespaces=${encodeURIComponent(namespace)}`} prefetch={false}>
              {plural(data.rows.length, 'object')} of {namespace}
            </Link>
            {faulty.length === 0 ? ', none with an error or a warning.' : `, ${faulty.length} with errors or warnings:`}
          </p>
          {faulty.length === 0 ? null : (
            <ul className={styles['hosts']}>
              {faulty.slice(0, MAX_OBJECTS).map(({ ref, findings }) => (
                <li key={wordRef(ref)}>
                  <Severity severity={findings.error > 0 ? 'error' : 'warning'}>{findings.error + findings.warning}</Severity>{' '}
                  <Link href={configHref(ref)} prefetch={false}>
                    {wordRef(ref)}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Section>
  );
}
