'use client';
// The bar on top: name, namespaces, window, refresh, age of the data, theme, user. In: the URL and the shell. Out: the masthead.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
} from '@patternfly/react-core/dist/esm/components/Masthead';
import { PageToggleButton } from '@patternfly/react-core/dist/esm/components/Page/PageToggleButton';
import SyncAltIcon from '@patternfly/react-icons/dist/esm/icons/sync-alt-icon';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { encodeDuration, MAX_NAMESPACES, SAFE_WINDOW_SECONDS, SHORT_WINDOWS_SECONDS, WINDOWS_SECONDS } from '../../model/wire';
import { useViewUrl } from '../live/view-url';
import { ChoiceSelect } from '../ui/choice-select';
import { formatWindow } from '../ui/format';
import { Logo } from '../ui/logo';
import { NARROW, useMediaQuery } from '../ui/use-media-query';
import { FreshnessIndicator } from './freshness-indicator';
import styles from './masthead.module.css';
import { NamespaceSelect } from './namespace-select';
import { useSession } from './session-context';
import { REFRESH_SECONDS, useNamespaces, useSettings } from './shell-context';
import { ThemeSwitch } from './theme-switch';
import { toggleName, useScreenChange } from './use-screen-change';
import { UserMenu } from './user-menu';

/** Short where there is no room: "10 s" for "Every 10 s". */
function wordRefresh(seconds: number, short: boolean): string {
  if (seconds === 0) return short ? 'Pause' : 'Paused';
  if (seconds === 60) return short ? '1 min' : 'Every minute';
  return short ? `${seconds} s` : `Every ${seconds} s`;
}

function WindowSelect({ narrow }: { readonly narrow: boolean }): ReactNode {
  const { screen } = useViewUrl();
  const change = useScreenChange();
  const now = screen.view.windowSeconds;
  // The address may name a window that the list does not offer.
  const { data } = useNamespaces();
  const short = SHORT_WINDOWS_SECONDS.filter((seconds) => seconds >= (data?.shortestWindowSeconds ?? SAFE_WINDOW_SECONDS));
  const offered = [...new Set<number>([...short, ...WINDOWS_SECONDS, now])].sort((a, b) => a - b);
  return (
    <ChoiceSelect
      name="Window of the metrics"
      value={String(now)}
      choices={offered.map((seconds) => ({ value: String(seconds), label: narrow ? encodeDuration(seconds) : formatWindow(seconds) }))}
      onChoose={(text) => change(({ view }) => ({ view: { ...view, windowSeconds: Number(text) } }))}
    />
  );
}

function RefreshSelect({ short }: { readonly short: boolean }): ReactNode {
  const { refreshSeconds, chooseRefresh, refreshNow } = useSettings();
  return (
    <span className={styles['refresh']}>
      <ChoiceSelect
        name="Refresh"
        value={String(refreshSeconds)}
        choices={REFRESH_SECONDS.map((seconds) => ({ value: String(seconds), label: wordRefresh(seconds, short) }))}
        onChoose={(text) => chooseRefresh(REFRESH_SECONDS.find((seconds) => String(seconds) === text) ?? refreshSeconds)}
      />
      <Button variant="plain" icon={<SyncAltIcon />} aria-label="Refresh now" title="Refresh now" onClick={refreshNow} />
    </span>
  );
}

export function ConsoleMasthead(): ReactNode {
  const { screen } = useViewUrl();
  const change = useScreenChange();
  const { data, problem } = useNamespaces();
  const narrow = useMediaQuery(NARROW);
  const { me } = useSession();
  const pathname = usePathname();
  // The account has no namespaces to choose, no window and no age, nor has the journal; nor has who sees nothing.
  const showsMesh = pathname !== '/account' && pathname !== '/changes' && me?.sees !== 'none';
  // A page about one thing has a window, and no namespaces to choose.
  const isDetail = /^\/(?:namespaces|applications|workloads|services)\/./.test(pathname);
  return (
    <Masthead display={{ default: 'inline' }} className={styles['masthead'] ?? ''}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label="Navigation" />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={Link} href="/graph" className={styles['brand'] ?? ''}>
            <Logo className={styles['logo']} />
            <span className={styles['wordmark']}>Heddle</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      {!showsMesh ? null : (
        <MastheadContent className={styles['content'] ?? ''}>
          {isDetail ? null : (
            <NamespaceSelect
              namespaces={data?.namespaces ?? []}
              chosen={screen.view.namespaces}
              onToggle={(name) =>
                change(({ view }) => ({ view: { ...view, namespaces: toggleName(view.namespaces, name).slice(0, MAX_NAMESPACES) } }))
              }
              onAll={() => change(({ view }) => ({ view: { ...view, namespaces: [] } }))}
              missing={
                data !== null ? null : problem === null ? 'The list of namespaces is being read…' : `${problem.title}. ${problem.next}`
              }
            />
          )}
          <WindowSelect narrow={narrow} />
          <RefreshSelect short={narrow} />
        </MastheadContent>
      )}
      <MastheadContent className={styles['end'] ?? ''}>
        {showsMesh ? <FreshnessIndicator /> : null}
        <ThemeSwitch />
        <UserMenu />
      </MastheadContent>
    </Masthead>
  );
}
