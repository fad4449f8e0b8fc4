'use client';
// The way from an element of the graph to the explanation of a request over it. In: the caller's and the called node. Out: a link, or nothing.
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { GraphNode } from '../../model/graph';
import type { Protocol } from '../../model/traffic';

interface Props {
  readonly source?: GraphNode | undefined;
  readonly target?: GraphNode | undefined;
  readonly protocol?: Protocol;
}

/** Fully qualified where there is one: a short name would be of the caller's namespace. */
const hostOf = (node: GraphNode | undefined): string => node?.hosts.find((host) => host.includes('.')) ?? node?.hosts[0] ?? '';

/** The address of the page, filled as far as the graph knows; null where it knows nothing. */
export function buildExplainHref({ source, target, protocol }: Props): string | null {
  const query = new URLSearchParams();
  if (source?.workload != null && source.namespace !== '') {
    query.set('sourceNamespace', source.namespace);
    query.set('source', source.workload);
  }
  const host = hostOf(target);
  if (host !== '') query.set('host', host);
  if (query.size === 0) return null;
  if (protocol !== undefined && protocol !== 'http') query.set('protocol', protocol);
  return `/explain?${query.toString()}`;
}

export function ExplainLink(props: Props): ReactNode {
  const href = buildExplainHref(props);
  if (href === null) return null;
  return (
    <p>
      <Link href={href} prefetch={false}>
        Explain a request {props.target === undefined ? 'from here' : props.source === undefined ? 'to here' : 'over this edge'}
      </Link>
    </p>
  );
}
