// /namespaces/{namespace}: everything about one namespace. In: the name in the path. Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { DetailRoute } from '../../../components/shell/detail-route';

interface Props {
  readonly params: Promise<{ readonly namespace: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { namespace } = await params;
  return { title: `${decodeURIComponent(namespace)} · Namespace` };
}

export default async function NamespacePage({ params }: Props): Promise<ReactNode> {
  const namespace = decodeURIComponent((await params).namespace);
  return <DetailRoute kind="namespace" namespace={namespace} name={namespace} />;
}
