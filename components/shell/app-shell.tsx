'use client';
// The frame around every page: skip link, masthead, navigation, banner, the page. In: the page. Out: the frame.
import { Page } from '@patternfly/react-core/dist/esm/components/Page';
import { SkipToContent } from '@patternfly/react-core/dist/esm/components/SkipToContent';
import type { ReactNode } from 'react';
import styles from './app-shell.module.css';
import { ConsoleMasthead } from './masthead';
import { Navigation } from './navigation';
import { ShellProvider } from './shell-context';
import { StatusBanner } from './status-banner';

const MAIN_ID = 'main';

export function AppShell({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <ShellProvider>
      <Page
        className={styles['page'] ?? ''}
        isManagedSidebar
        isContentFilled
        skipToContent={<SkipToContent href={`#${MAIN_ID}`}>Skip to content</SkipToContent>}
        masthead={<ConsoleMasthead />}
        sidebar={<Navigation />}
        mainContainerId={MAIN_ID}
      >
        <StatusBanner />
        {children}
      </Page>
    </ShellProvider>
  );
}
