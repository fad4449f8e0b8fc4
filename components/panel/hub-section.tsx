'use client';
// Edges that are told instead of drawn: those of a folded hub, and those of a node with folded hubs. In: the node. Out: sections, or nothing.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { GraphNode, HubPeer } from '../../model/graph';
import { errorShare, formatByteRate, formatRate, formatShare, plural } from '../ui/format';
import { HealthIcon } from '../ui/health-status';
import styles from './panel.module.css';
import { Facts, Section } from './panel-parts';
import { ErrorsCell, RateHeads } from './rate-cells';

const amount = ({ requestsPerSecond, tcpBytesPerSecond }: Pick<HubPeer, 'requestsPerSecond' | 'tcpBytesPerSecond'>): string =>
  requestsPerSecond === 0 && tcpBytesPerSecond > 0 ? formatByteRate(tcpBytesPerSecond) : formatRate(requestsPerSecond);

export function HubSection({ node, onSelect }: { readonly node: GraphNode; readonly onSelect: (id: string) => void }): ReactNode {
  const { hub, hubPeers } = node;
  return (
    <>
      {hub === undefined ? null : (
        <Section title="Folded hub">
          <p>
            {plural(hub.edges, 'edge')} of it {hub.edges === 1 ? 'is' : 'are'} told on the nodes at the other end instead of drawn.
          </p>
          <Facts
            facts={[
              ['Requests', formatRate(hub.requestsPerSecond)],
              ['Errors', formatShare(errorShare(hub.requestsPerSecond, hub.errorsPerSecond))],
              ['TCP', hub.tcpBytesPerSecond > 0 ? formatByteRate(hub.tcpBytesPerSecond) : null],
            ]}
          />
        </Section>
      )}
      {hubPeers === undefined || hubPeers.length === 0 ? null : (
        <Section title={`With folded hubs (${hubPeers.length})`}>
          <div className={styles['scroll']}>
            <table className={styles['table']} aria-label="Traffic with folded hubs">
              <thead>
                <tr>
                  <th scope="col">Hub</th>
                  <th scope="col">Direction</th>
                  <RateHeads />
                </tr>
              </thead>
              <tbody>
                {hubPeers.map((peer) => {
                  const share = errorShare(peer.requestsPerSecond, peer.errorsPerSecond);
                  return (
                    <tr key={`${peer.direction} ${peer.id}`}>
                      <th scope="row" className={styles['break']}>
                        <span className={styles['nodeLink']}>
                          <HealthIcon status={peer.health} />
                          <Button variant="link" isInline onClick={() => onSelect(peer.id)}>
                            {peer.label}
                          </Button>
                        </span>
                      </th>
                      <td>{peer.direction === 'inbound' ? 'calls it' : 'is called'}</td>
                      <td className={styles['right']}>{amount(peer)}</td>
                      <ErrorsCell share={share} />
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </Section>
      )}
    </>
  );
}
