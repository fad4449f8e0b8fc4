// Traffic in and out in a few numbers. In: the page's document. Out: facts.
import type { ReactNode } from 'react';
import type { DetailDocument, DetailPeer } from '../../model/detail';
import { Fact, Facts } from '../ui/facts';
import { errorShare, formatByteRate, formatRate, formatShare, formatWindow, plural } from '../ui/format';
import styles from './detail-page.module.css';

function wordSum(peers: readonly DetailPeer[]): string {
  const sum = (read: (peer: DetailPeer) => number): number => peers.reduce((total, peer) => total + read(peer), 0);
  const requests = sum(({ requestsPerSecond }) => requestsPerSecond);
  const bytes = sum(({ bytesPerSecond }) => bytesPerSecond);
  const share = errorShare(
    requests,
    sum(({ errorsPerSecond }) => errorsPerSecond),
  );
  const parts = [
    ...(requests > 0 ? [`${formatRate(requests)}${(share ?? 0) > 0 ? `, ${formatShare(share)} errors` : ', no errors'}`] : []),
    ...(bytes > 0 ? [`${formatByteRate(bytes)} TCP`] : []),
  ];
  return parts.length === 0 ? 'none' : `${parts.join(' and ')}, ${plural(peers.length, 'peer')}`;
}

export function TrafficSummary({ document: { traffic, windowSeconds } }: { readonly document: DetailDocument }): ReactNode {
  if (traffic === null) return <p className={styles['subtle']}>The metrics cannot be read.</p>;
  return (
    <Facts>
      <Fact term={`In, ${formatWindow(windowSeconds).toLowerCase()}`}>{wordSum(traffic.inbound)}</Fact>
      <Fact term="Out">{wordSum(traffic.outbound)}</Fact>
    </Facts>
  );
}
