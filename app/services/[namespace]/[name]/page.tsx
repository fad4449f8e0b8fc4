// /services/{namespace}/{name}: one service and its routing. In: the names in the path. Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ServiceRoute } from '../../../../components/shell/service-route';

interface Props {
  readonly params: Promise<{ readonly namespace: string; readonly name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  return { title: `${decodeURIComponent(name)} · Routing` };
}

export default async function ServicePage({ params }: Props): Promise<ReactNode> {
  const { namespace, name } = await params;
  return <ServiceRoute namespace={decodeURIComponent(namespace)} name={decodeURIComponent(name)} />;
}
