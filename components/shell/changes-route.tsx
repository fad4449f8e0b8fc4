'use client';
// The journal inside of the frame. In: the session. Out: the page.
import type { ReactNode } from 'react';
import { ChangesPage } from '../changes/changes-page';
import { useSession } from './session-context';

export function ChangesRoute(): ReactNode {
  return <ChangesPage session={useSession()} />;
}
