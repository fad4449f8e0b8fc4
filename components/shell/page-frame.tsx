'use client';
// Masthead, side navigation that folds away, and the page beside it. In: those parts. Out: the frame, and PatternFly's PageContext for them.
// PatternFly's markup without its Page, whose drawer for notifications brings a focus trap (9 KB) into the first load.
import '@patternfly/react-styles/css/components/Page/page.css';
import { PageContext, pageContextDefaults } from '@patternfly/react-core/dist/esm/components/Page/PageContext';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';

const { getBreakpoint, getVerticalBreakpoint } = pageContextDefaults;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** PatternFly's breakpoint xl (75rem): below it the navigation covers the page instead of standing beside it. */
const MOBILE_BELOW_PX = 1200;

const sameBreakpoints = (a: Size | null, b: Size): boolean =>
  a !== null && getBreakpoint(a.width) === getBreakpoint(b.width) && getVerticalBreakpoint(a.height) === getVerticalBreakpoint(b.height);

interface Props {
  readonly className: string;
  readonly skipToContent: ReactNode;
  readonly masthead: ReactNode;
  readonly sidebar: ReactNode;
  readonly mainId: string;
  readonly children: ReactNode;
}

export function PageFrame({ className, skipToContent, masthead, sidebar, mainId, children }: Props): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  // Only as fine as the breakpoints: a window that is being dragged draws nothing anew between them.
  const [size, setSize] = useState<Size | null>(null);
  const [open, setOpen] = useState({ wide: true, mobile: false });
  const isMobile = size !== null && size.width < MOBILE_BELOW_PX;
  const which = isMobile ? 'mobile' : 'wide';
  const isSidebarOpen = open[which];

  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const now = { width: element.clientWidth, height: element.clientHeight };
      setSize((old) => (sameBreakpoints(old, now) ? old : now));
    };
    measure();
    if (typeof ResizeObserver !== 'function') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A touch of the page puts a navigation away that covers it.
  useEffect(() => {
    const element = main.current;
    if (element === null || !isMobile || !isSidebarOpen) return undefined;
    const close = (): void => setOpen((old) => ({ ...old, mobile: false }));
    element.addEventListener('pointerdown', close);
    return () => element.removeEventListener('pointerdown', close);
  }, [isMobile, isSidebarOpen]);

  const onSidebarToggle = useCallback(() => setOpen((old) => ({ ...old, [which]: !old[which] })), [which]);
  const context = useMemo(
    () => ({
      isManagedSidebar: true,
      isSidebarOpen,
      isMobile,
      onSidebarToggle,
      // Before it is measured: PatternFly's own word for that.
      width: size?.width ?? pageContextDefaults.width,
      height: size?.height ?? pageContextDefaults.height,
      getBreakpoint,
      getVerticalBreakpoint,
    }),
    [isSidebarOpen, isMobile, onSidebarToggle, size],
  );
  const sized =
    size === null
      ? ''
      : `pf-m-resize-observer pf-m-breakpoint-${getBreakpoint(size.width)} pf-m-height-breakpoint-${getVerticalBreakpoint(size.height)}`;
  return (
    <PageContext value={context}>
      <div ref={root} className={`pf-v6-c-page ${sized} ${className}`}>
        {skipToContent}
        {masthead}
        {sidebar}
        <div className="pf-v6-c-page__main-container pf-m-fill">
          <main ref={main} id={mainId} className="pf-v6-c-page__main" tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
    </PageContext>
  );
}
