'use client';
// The pages of the console. In: the address. Out: the side navigation; namespaces and window go along from page to page.
// PatternFly's markup without its Nav, whose flyout menus bring Menu and Popper (20 KB) into the first load.
import '@patternfly/react-styles/css/components/Nav/nav.css';
import { PageContext } from '@patternfly/react-core/dist/esm/components/Page/PageContext';
import { PageSidebar } from '@patternfly/react-core/dist/esm/components/Page/PageSidebar';
import { PageSidebarBody } from '@patternfly/react-core/dist/esm/components/Page/PageSidebarBody';
import ChartLineIcon from '@patternfly/react-icons/dist/esm/icons/chart-line-icon';
import CodeIcon from '@patternfly/react-icons/dist/esm/icons/code-icon';
import CubeIcon from '@patternfly/react-icons/dist/esm/icons/cube-icon';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import FolderIcon from '@patternfly/react-icons/dist/esm/icons/folder-icon';
import HistoryIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import LayerGroupIcon from '@patternfly/react-icons/dist/esm/icons/layer-group-icon';
import NetworkIcon from '@patternfly/react-icons/dist/esm/icons/network-icon';
import RouteIcon from '@patternfly/react-icons/dist/esm/icons/route-icon';
import TopologyIcon from '@patternfly/react-icons/dist/esm/icons/topology-icon';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useContext } from 'react';
import { DEFAULT_VIEW, encodeView, type ViewSpec } from '../../model/wire';
import { useViewUrl } from '../live/view-url';

const PAGES = [
  { path: '/overview', name: 'Overview', icon: <CubesIcon /> },
  { path: '/graph', name: 'Graph', icon: <TopologyIcon /> },
  { path: '/namespaces', name: 'Namespaces', icon: <FolderIcon /> },
  { path: '/applications', name: 'Applications', icon: <LayerGroupIcon /> },
  { path: '/workloads', name: 'Workloads', icon: <CubeIcon /> },
  { path: '/services', name: 'Services', icon: <NetworkIcon /> },
  { path: '/dashboards', name: 'Dashboards', icon: <ChartLineIcon /> },
  { path: '/config', name: 'Configuration', icon: <CodeIcon /> },
  { path: '/explain', name: 'Explain', icon: <RouteIcon /> },
  { path: '/changes', name: 'Changes', icon: <HistoryIcon /> },
] as const;

/** The address of a page that shows these namespaces over this window. */
export function buildPageHref(path: string, view: Pick<ViewSpec, 'namespaces' | 'windowSeconds'>): string {
  const query = encodeView({ ...DEFAULT_VIEW, namespaces: view.namespaces, windowSeconds: view.windowSeconds }).toString();
  return query === '' ? path : `${path}?${query}`;
}

export function Navigation(): ReactNode {
  const pathname = usePathname();
  const { screen } = useViewUrl();
  // An object's page is below its list.
  const isHere = (path: string): boolean => pathname === path || pathname.startsWith(`${path}/`);
  const { isMobile, isSidebarOpen, onSidebarToggle } = useContext(PageContext);
  return (
    <PageSidebar>
      <PageSidebarBody>
        <nav className="pf-v6-c-nav" aria-label="Pages">
          <ul className="pf-v6-c-nav__list">
            {PAGES.map(({ path, name, icon }) => (
              <li key={path} className="pf-v6-c-nav__item">
                <Link
                  className={`pf-v6-c-nav__link ${isHere(path) ? 'pf-m-current' : ''}`}
                  href={buildPageHref(path, screen.view)}
                  // The closed navigation is only hidden from sight and from assistive technology: Tab must pass it by as well.
                  tabIndex={isSidebarOpen ? undefined : -1}
                  aria-current={pathname === path ? 'page' : isHere(path) ? 'true' : undefined}
                  onClick={() => {
                    // On a narrow screen the navigation covers the page that was chosen.
                    if (isMobile && isSidebarOpen) onSidebarToggle();
                  }}
                >
                  <span className="pf-v6-c-nav__link-icon">{icon}</span>
                  <span className="pf-v6-c-nav__link-text">{name}</span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}
