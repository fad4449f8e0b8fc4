'use client';
// The name of an object as the way to its YAML, at a field of it, and back. In: ref, path, the page to come back to. Out: a link.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { type ConfigRef, refText } from '../../model/edit';
import { configPlaceHref } from '../ui/config-address';

interface Props {
  readonly to: ConfigRef;
  /** Field that the editor opens at, `spec.http[0].match`; absent: the top. */
  readonly path?: string;
  /** Address of the page that it stands on. */
  readonly back: string;
  /** Instead of the object's name. */
  readonly children?: ReactNode;
  readonly className?: string | undefined;
}

export function ObjectLink({ to, path = '', back, children, className }: Props): ReactNode {
  return (
    <Link
      href={configPlaceHref(to, path, back)}
      prefetch={false}
      title={`Edit ${refText(to)} as YAML${path === '' ? '' : ` at ${path}`}`}
      className={className}
    >
      {children ?? refText(to)}
    </Link>
  );
}
