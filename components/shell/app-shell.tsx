'use client';
// The frame around every page: skip link, masthead, navigation, banners, the page. In: the page. Out: the frame; the login stands alone.
import { SkipToContent } from '@patternfly/react-core/dist/esm/components/SkipToContent';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import styles from './app-shell.module.css';
import { ConsoleMasthead } from './masthead';
import { Navigation } from './navigation';
import { PageFrame } from './page-frame';
import { SessionBanner } from './session-banner';
import { SessionProvider } from './session-context';
import { SessionGate } from './session-gate';
import { ShellProvider, useSettings } from './shell-context';
import { StatusBanner } from './status-banner';
import { WaitingBanner } from './waiting-banner';

const MAIN_ID = 'main';

function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const { refreshNow } = useSettings();
  return (
    <SessionProvider onResume={refreshNow}>
      <PageFrame
        className={styles['page'] ?? ''}
        skipToContent={<SkipToContent href={`#${MAIN_ID}`}>Skip to content</SkipToContent>}
        masthead={<ConsoleMasthead />}
        sidebar={<Navigation />}
        mainId={MAIN_ID}
      >
        <SessionBanner />
        <StatusBanner />
        <WaitingBanner />
        <SessionGate>{children}</SessionGate>
      </PageFrame>
    </SessionProvider>
  );
}

export function AppShell({ children }: { readonly children: ReactNode }): ReactNode {
  const pathname = usePathname();
  // Nobody is known there: the frame would only ask for what nobody may see.
  if (pathname === '/login') return children;
  return (
    <ShellProvider>
      <Frame>{children}</Frame>
    </ShellProvider>
  );
}
