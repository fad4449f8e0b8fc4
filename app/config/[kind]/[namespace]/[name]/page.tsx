// /config/{kind}/{namespace}/{name}: one object of the cluster, to read and to edit. In: the path. Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ConfigObjectRoute } from '../../../../../components/shell/config-object-route';

interface Props {
  readonly params: Promise<{ readonly kind: string; readonly namespace: string; readonly name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  return { title: decodeURIComponent(name) };
}

export default async function ConfigObjectPage({ params }: Props): Promise<ReactNode> {
  const { kind, namespace, name } = await params;
  return <ConfigObjectRoute kind={decodeURIComponent(kind)} namespace={decodeURIComponent(namespace)} name={decodeURIComponent(name)} />;
}
