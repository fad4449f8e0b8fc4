'use client';
// The graph page: toolbar, canvas or table, side panel; the address is its whole state. In: the URL, the stream. Out: the page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import CrosshairsIcon from '@patternfly/react-icons/dist/esm/icons/crosshairs-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GraphDocument, ViewSpec } from '../../model/wire';
import type { Found, Hit } from '../find/find-hits';
import type { GraphCanvasApi } from '../graph/canvas/canvas-props';
import { BADGE_GROUPS } from '../graph/canvas/display';
import { DEFAULT_LAYOUT, readLayoutName } from '../graph/layout/layout-names';
import { useViewUrl } from '../live/view-url';
import { useAddress } from '../ui/use-address';
import { NARROW, useMediaQuery } from '../ui/use-media-query';
import type { MenuPlace } from './element-menu';
import { buildPositionsKey, toggleLabel } from './graph-options';
import styles from './graph-page.module.css';
import { GraphInstead, GraphReading } from './graph-states';
import { useGraphTime } from './graph-time';
import { applyLabels, GraphToolbar } from './graph-toolbar';
import { SidePanel } from './side-panel';
import { useGraphPage } from './use-graph-page';
import { useScreenChange } from './use-screen-change';

// The first load is the frame and the toolbar; cytoscape, tables and panel follow while the graph is being read.
const GraphCanvas = dynamic(() => import('../graph/canvas/graph-canvas').then((file) => file.GraphCanvas), {
  ssr: false,
  loading: GraphReading,
});
const ExportMenu = dynamic(() => import('../export/export-menu').then((file) => file.ExportMenu), { ssr: false });
const GraphLegend = dynamic(() => import('../graph/legend').then((file) => file.GraphLegend), { ssr: false });
const GraphTables = dynamic(() => import('../tables/graph-tables').then((file) => file.GraphTables), { ssr: false });
const AddressNotices = dynamic(() => import('./address-notices').then((file) => file.AddressNotices), { ssr: false });
const GraphChanges = dynamic(() => import('../changes/graph-changes').then((file) => file.GraphChanges), { ssr: false });
const ChangeMarkers = dynamic(() => import('../changes/change-markers').then((file) => file.ChangeMarkers), { ssr: false });
const FindFields = dynamic(() => import('../find/find-fields').then((file) => file.FindFields), {
  ssr: false,
  loading: () => <div className={styles['find']} />,
});
const FocusBar = dynamic(() => import('./focus-bar').then((file) => file.FocusBar), { ssr: false });
const ElementMenu = dynamic(() => import('./element-menu').then((file) => file.ElementMenu), { ssr: false });
const SavedMenu = dynamic(() => import('../find/saved-menu').then((file) => file.SavedMenu), { ssr: false });
const GraphPanel = dynamic(() => import('../panel/graph-panel').then((file) => file.GraphPanel), { ssr: false });

/** Host of a selected node, or of what a selected edge calls; null where it has none. */
function hostOf({ nodes, edges }: GraphDocument, selection: string | null): string | null {
  const target = edges.find(({ id }) => id === selection)?.target ?? selection;
  return nodes.find(({ id }) => id === target)?.hosts[0] ?? null;
}

/** One node of the mesh, not a stand-in of many. */
const isPathEnd = (document: GraphDocument | null, id: string): boolean =>
  document?.nodes.some((node) => node.id === id && node.kind !== 'namespace' && node.kind !== 'hidden') === true;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

export function GraphPage(): ReactNode {
  const { screen, problem: addressProblem, update } = useViewUrl();
  const change = useScreenChange();
  const { view, selection } = screen;
  const { state, retry, loading, refreshSeconds } = useGraphPage(view);
  const { document } = state;
  const narrow = useMediaQuery(NARROW);
  const [table, writeTable] = useAddress('table');
  const [legend, writeLegend] = useAddress('legend');
  const [panelChoice, setPanelChoice] = useState<boolean | null>(null);
  const [crowded, setCrowded] = useState(false);
  const canvas = useRef<GraphCanvasApi | null>(null);
  const findInput = useRef<HTMLInputElement>(null);
  // Until the reader chooses: beside the graph where there is room, on a phone only for a selected element.
  const panelOpen = panelChoice ?? (!narrow || selection !== null);

  const [found, setFound] = useState<Found | null>(null);
  /** Chosen in the list of hits, but still folded. */
  const [wanted, setWanted] = useState<string | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  /** First end of paths whose second is still to be chosen. */
  const [pathsFrom, setPathsFrom] = useState<string | null>(null);
  const matches = screen.find.trim() === '' ? null : (found?.matches ?? null);

  const select = useCallback(
    (id: string | null) => {
      if (pathsFrom !== null && id !== null && id !== pathsFrom && isPathEnd(document, id)) {
        setPathsFrom(null);
        change((now) => ({ view: { ...now.view, from: pathsFrom, to: id, focus: null } }));
        return;
      }
      update({ selection: id });
      if (id !== null) setPanelChoice(true);
      else if (narrow) setPanelChoice(null);
    },
    [update, change, document, narrow, pathsFrom],
  );
  const showElement = useCallback(
    (id: string) => {
      select(id);
      canvas.current?.flyTo(id);
    },
    [select],
  );
  const changeView = useCallback((part: Partial<ViewSpec>) => change((now) => ({ view: { ...now.view, ...part } })), [change]);
  const showInstant = useCallback((atSeconds: number | null) => changeView({ atSeconds }), [changeView]);
  const {
    drawn,
    told,
    marks,
    replaying,
    menu: timeMenu,
    bars,
  } = useGraphTime({
    view,
    document,
    selection,
    refreshSeconds,
    loading,
    onAt: showInstant,
    onSelect: showElement,
  });
  const goTo = useCallback(
    ({ id, open, shownAs }: Hit) => {
      if (open === null) {
        showElement(shownAs ?? id);
        return;
      }
      change((now) => ({ view: { ...now.view, open: [...new Set([...now.view.open, open])].sort() }, selection: id }));
      setPanelChoice(true);
      setWanted(id);
    },
    [change, showElement],
  );
  // Fetched while the graph is being read, not after it.
  useEffect(() => {
    import('../graph/canvas/graph-canvas').catch(() => undefined);
  }, []);
  useEffect(() => {
    if (wanted === null || document === null) return undefined;
    if (!document.nodes.some(({ id }) => id === wanted) && !document.edges.some(({ id }) => id === wanted)) return undefined;
    // The canvas has the new nodes once it has arranged them.
    const timer = setTimeout(() => {
      canvas.current?.flyTo(wanted);
      setWanted(null);
    }, 400);
    return () => clearTimeout(timer);
  }, [wanted, document]);
  const openElement = useCallback(
    (id: string) => {
      const node = document?.nodes.find((one) => one.id === id);
      if (node?.kind === 'namespace') {
        change((now) => ({
          view: {
            ...now.view,
            open: [...new Set([...now.view.open, node.namespace])].sort(),
            fold: now.view.fold.filter((name) => name !== node.namespace),
          },
        }));
        return;
      }
      select(id);
      window.document.getElementById('panel-title')?.focus();
    },
    [document, change, select],
  );
  const badgeText = screen.badges?.join() ?? null;
  const badges = useMemo(
    () => (badgeText === null ? {} : { badges: BADGE_GROUPS.filter((group) => badgeText.split(',').includes(group)) }),
    [badgeText],
  );
  const closeMenu = useCallback(() => {
    setMenu(null);
    canvas.current?.focus();
  }, []);
  const focusFind = useCallback(() => findInput.current?.focus(), []);

  // The drawer takes the lower half of a phone: what was chosen comes into the half that is left, once the canvas has its new size.
  useEffect(() => {
    if (!narrow || selection === null) return undefined;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => canvas.current?.flyTo(selection));
    });
    return () => cancelAnimationFrame(frame);
  }, [narrow, selection]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      focusFind();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [focusFind]);

  const closePanel = (): void => {
    setPanelChoice(narrow ? null : false);
    if (selection !== null) update({ selection: null });
    canvas.current?.focus();
  };
  const panelActions = (
    <>
      {selection === null ? null : (
        <Button
          variant="link"
          size="sm"
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setMenu({ id: selection, x: box.left, y: box.bottom + 4 });
          }}
        >
          Actions
        </Button>
      )}
      {selection === null || table !== '' ? null : (
        <Button
          variant="plain"
          icon={<CrosshairsIcon />}
          aria-label="Centre in the graph"
          title="Centre in the graph"
          onClick={() => canvas.current?.flyTo(selection)}
        />
      )}
      <Button variant="plain" icon={<TimesIcon />} aria-label="Close the details" title="Close the details" onClick={closePanel} />
    </>
  );

  const drawable = drawn !== null && drawn.nodes.length > 0;
  return (
    <div className={styles['page']}>
      <h1 className="pf-v6-screen-reader">Graph</h1>
      <GraphToolbar
        screen={screen}
        change={change}
        narrow={narrow}
        find={
          <FindFields
            document={document}
            view={view}
            find={screen.find}
            narrow={narrow}
            inputRef={findInput}
            change={change}
            onFound={setFound}
            onGo={goTo}
          />
        }
        saved={<SavedMenu narrow={narrow} />}
        exporter={
          <>
            {timeMenu}
            <ExportMenu document={drawn} screen={screen} picture={() => canvas.current?.picture() ?? null} marks={marks} narrow={narrow} />
          </>
        }
        table={table !== ''}
        onTable={(on) => writeTable(on ? 'nodes' : '')}
        legend={legend !== ''}
        onLegend={(on) => writeLegend(on ? 'true' : '')}
        panel={panelOpen}
        onPanel={setPanelChoice}
      />
      {addressProblem === null && (view.atSeconds === null || replaying) ? null : (
        <AddressNotices problem={addressProblem} atSeconds={replaying ? null : view.atSeconds} onLive={() => showInstant(null)} />
      )}
      {view.focus === null && view.from === null && pathsFrom === null ? null : (
        <FocusBar view={view} document={document} pathsFrom={pathsFrom} onView={changeView} onCancel={() => setPathsFrom(null)} />
      )}
      {menu === null || document === null ? null : (
        <ElementMenu
          place={menu}
          document={document}
          view={view}
          pathsFrom={pathsFrom}
          onView={(part) => {
            setPathsFrom(null);
            changeView(part);
          }}
          onDetails={showElement}
          onPathsFrom={setPathsFrom}
          onFit={() => canvas.current?.fit()}
          onTidy={() => canvas.current?.tidy()}
          onClose={closeMenu}
        />
      )}
      <div className={styles['body']}>
        <section className={styles['stage']} aria-label={table === '' ? 'Graph' : 'Table'} aria-busy={loading}>
          {loading ? <div className={styles['progress']} /> : null}
          {!drawable ? (
            <GraphInstead state={state} view={view} onView={changeView} onRetry={retry} />
          ) : table !== '' ? (
            <GraphTables
              document={document ?? drawn}
              selection={selection}
              onSelect={select}
              kind={table === 'edges' ? 'edges' : 'nodes'}
              onKind={writeTable}
            />
          ) : (
            <GraphCanvas
              ref={canvas}
              document={drawn}
              selection={selection}
              onSelect={select}
              onOpen={openElement}
              onFindRequest={focusFind}
              onContext={(id, { x, y }) => setMenu({ id, x, y })}
              {...badges}
              layout={readLayoutName(screen.layout) ?? DEFAULT_LAYOUT}
              labels={screen.labels}
              edgeMode={screen.edges}
              traffic={screen.traffic}
              matches={matches}
              marks={marks}
              positionsKey={screen.positions === '' ? buildPositionsKey(view) : screen.positions}
              onCrowded={setCrowded}
            />
          )}
          {drawable && table === '' && crowded ? (
            <div className={styles['crowded']}>
              <Button variant="secondary" onClick={() => canvas.current?.tidy()}>
                Tidy up
              </Button>
            </div>
          ) : null}
          {legend !== '' && table === '' ? (
            <section className={styles['legend']} aria-label="Legend">
              <div className={styles['legendHead']}>
                <h2>Legend</h2>
                <Button variant="plain" icon={<TimesIcon />} aria-label="Close the legend" onClick={() => writeLegend('')} />
              </div>
              <GraphLegend />
            </section>
          ) : null}
        </section>
        {panelOpen && told !== null && (drawable || selection !== null) ? (
          <SidePanel narrow={narrow} onEscape={() => select(null)}>
            <ChangeMarkers>
              <GraphPanel
                document={told}
                view={view}
                selection={selection}
                refreshSeconds={refreshSeconds}
                onSelect={(id) => (id === null ? select(null) : showElement(id))}
                onWantLatency={() => change((now) => applyLabels(now.view, toggleLabel(now.labels, 'p95')))}
                actions={panelActions}
              />
            </ChangeMarkers>
            <GraphChanges host={hostOf(told, selection)} namespaces={view.namespaces} />
          </SidePanel>
        ) : null}
      </div>
      {bars}
    </div>
  );
}
