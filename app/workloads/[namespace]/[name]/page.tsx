// /workloads/{namespace}/{name}: everything about one workload. In: the names in the path. Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { DetailRoute } from '../../../../components/shell/detail-route';

interface Props {
  readonly params: Promise<{ readonly namespace: string; readonly name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  return { title: `${decodeURIComponent(name)} · Workload` };
}

export default async function WorkloadPage({ params }: Props): Promise<ReactNode> {
  const { namespace, name } = await params;
  return <DetailRoute kind="workload" namespace={decodeURIComponent(namespace)} name={decodeURIComponent(name)} />;
}
