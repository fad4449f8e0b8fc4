'use client';
// What the frame and the pages share: the refresh choice, the namespaces of the mesh, the age of the shown data.
// In: the URL, this browser's storage, /api/namespaces. Out: contexts. A page reports its status, the masthead shows it.
import { usePathname } from 'next/navigation';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { encodeDuration, type NamespacesDocument } from '../../model/wire';
import { useViewUrl } from '../live/view-url';
import { type JsonState, useJson } from '../ui/use-json';
import { useStored } from '../ui/use-stored';
import { NO_STATUS, type PageStatus } from './freshness-words';
import { isNamespacesDocument } from './namespaces-guard';

/** Seconds between refreshes; 0 = paused. */
export const REFRESH_SECONDS = [0, 5, 10, 15, 30, 60] as const;
export type RefreshSeconds = (typeof REFRESH_SECONDS)[number];
const STANDARD_REFRESH: RefreshSeconds = 10;

interface Settings {
  readonly refreshSeconds: RefreshSeconds;
  readonly chooseRefresh: (seconds: RefreshSeconds) => void;
  /** Grows with every press of "Refresh now". */
  readonly refreshCount: number;
  readonly refreshNow: () => void;
  readonly reportStatus: (status: PageStatus) => void;
}

const SettingsContext = createContext<Settings | null>(null);
const StatusContext = createContext<PageStatus>(NO_STATUS);
const NamespacesContext = createContext<JsonState<NamespacesDocument> | null>(null);

const decodeRefresh = (text: string): RefreshSeconds | null => REFRESH_SECONDS.find((seconds) => String(seconds) === text) ?? null;

/** Wraps the frame and every page. */
export function ShellProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [refreshSeconds, chooseRefresh] = useStored<RefreshSeconds>('heddle.refresh', STANDARD_REFRESH, decodeRefresh, String);
  const [refreshCount, setRefreshCount] = useState(0);
  const [status, reportStatus] = useState<PageStatus>(NO_STATUS);
  const { screen } = useViewUrl();
  const pathname = usePathname();
  // Elsewhere than on the overview only the names and their health are shown, in a closed menu.
  const every = pathname === '/overview' || refreshSeconds === 0 ? refreshSeconds : Math.max(refreshSeconds, 60);
  const namespaces = useJson(`/api/namespaces?duration=${encodeDuration(screen.view.windowSeconds)}`, {
    guard: isNamespacesDocument,
    refreshMs: every * 1000,
  });
  const { reload } = namespaces;
  const refreshNow = useCallback(() => {
    setRefreshCount((count) => count + 1);
    reload();
  }, [reload]);
  const settings = useMemo(
    () => ({ refreshSeconds, chooseRefresh, refreshCount, refreshNow, reportStatus }),
    [refreshSeconds, chooseRefresh, refreshCount, refreshNow],
  );
  return (
    <SettingsContext value={settings}>
      <NamespacesContext value={namespaces}>
        <StatusContext value={status}>{children}</StatusContext>
      </NamespacesContext>
    </SettingsContext>
  );
}

const outside = (): never => {
  throw new Error('used outside of ShellProvider');
};

export const useSettings = (): Settings => useContext(SettingsContext) ?? outside();
export const useNamespaces = (): JsonState<NamespacesDocument> => useContext(NamespacesContext) ?? outside();
export const useStatus = (): PageStatus => useContext(StatusContext);

/** Tells the frame how old this page's data is, until the page is left. `status` must keep its identity while it does not change. */
export function useReportStatus(status: PageStatus): void {
  const { reportStatus } = useSettings();
  useEffect(() => {
    reportStatus(status);
  }, [reportStatus, status]);
  useEffect(() => () => reportStatus(NO_STATUS), [reportStatus]);
}
