'use client';
// The graph on the screen: canvas for the eyes, a list of nodes for keyboard and screen readers, controls, minimap.
// In: GraphCanvasProps. Out: what the user does. The work is done by Scene; this wires it to React and to accessibility.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import ExpandIcon from '@patternfly/react-icons/dist/esm/icons/expand-icon';
import MagicIcon from '@patternfly/react-icons/dist/esm/icons/magic-icon';
import SearchMinusIcon from '@patternfly/react-icons/dist/esm/icons/search-minus-icon';
import SearchPlusIcon from '@patternfly/react-icons/dist/esm/icons/search-plus-icon';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { viewKey } from '../../../model/wire';
import type { Point } from '../layout/arrangement';
import { DEFAULT_LAYOUT } from '../layout/layout-names';
import type { GraphCanvasApi, GraphCanvasProps } from './canvas-props';
import styles from './graph-canvas.module.css';
import { Minimap, type Seen } from './minimap';
import { Mirror } from './mirror';
import { type Direction, inFlowOrder, moveCursor } from './navigation';
import { type Palette, readPalette } from './palette';
import { EMPTY_PICTURE, type Picture } from './picture';
import { Scene } from './scene';
import type { SceneProps } from './scene-props';
import { wordHealthChanges, wordSummary } from './words';

const ZOOM_STEP = 1.35;
/** With Shift, arrow keys move the view by so many pixels. */
const PAN_STEP_PX = 80;
const PANS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: PAN_STEP_PX, y: 0 },
  ArrowRight: { x: -PAN_STEP_PX, y: 0 },
  ArrowUp: { x: 0, y: PAN_STEP_PX },
  ArrowDown: { x: 0, y: -PAN_STEP_PX },
};
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageDown: 'next',
  PageUp: 'previous',
  Home: 'first',
  End: 'last',
};

export function GraphCanvas(props: GraphCanvasProps): ReactNode {
  const { document, selection, labels, traffic, positionsKey, edgeMode = 'all', matches = null, hidden = null, ref, onReady } = props;
  const { marks = null, badges = null, layout = DEFAULT_LAYOUT } = props;
  const id = useId();
  const stage = useRef<HTMLDivElement>(null);
  const shapes = useRef<HTMLDivElement>(null);
  const dots = useRef<HTMLDivElement>(null);
  const decorations = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const scene = useRef<Scene | null>(null);
  // The camera moves with every frame of a gesture: no rendering follows from it.
  const seen = useRef<Seen | null>(null);
  const watcher = useRef<((now: Seen) => void) | null>(null);
  const [picture, setPicture] = useState<Picture>(EMPTY_PICTURE);
  const [palette, setPalette] = useState<Palette | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [gaveUp, setGaveUp] = useState(false);
  const [layoutNote, setLayoutNote] = useState<string | null>(null);

  const sceneProps = useMemo<SceneProps>(
    () => ({ document, selection, labels, edgeMode, traffic, matches, hidden, marks, badges, layout, positionsKey }),
    [document, selection, labels, edgeMode, traffic, matches, hidden, marks, badges, layout, positionsKey],
  );
  // The scene lives as long as the component; it calls whatever handlers the newest rendering has.
  const latest = useRef(props);
  const latestScene = useRef(sceneProps);
  useLayoutEffect(() => {
    latest.current = props;
    latestScene.current = sceneProps;
  });

  useEffect(() => {
    if (!stage.current || !shapes.current || !dots.current || !decorations.current || !frame.current) return;
    const elements = {
      stage: stage.current,
      shapes: shapes.current,
      dots: dots.current,
      decorations: decorations.current,
      frame: frame.current,
    };
    const own = new Scene(elements, latestScene.current, {
      select: (element) => latest.current.onSelect(element),
      open: (element) => latest.current.onOpen?.(element),
      context: (element, at) => {
        latest.current.onContext?.(element, at);
        return latest.current.onContext !== undefined;
      },
      picture: setPicture,
      camera: (camera, view) => {
        seen.current = { camera, view };
        watcher.current?.(seen.current);
      },
      crowded: (crowded) => latest.current.onCrowded?.(crowded),
      palette: setPalette,
      trafficGaveUp: setGaveUp,
      layoutNote: setLayoutNote,
    });
    scene.current = own;
    setPalette(readPalette(elements.stage));
    return () => {
      scene.current = null;
      own.destroy();
    };
  }, []);

  useEffect(() => scene.current?.update(sceneProps), [sceneProps]);

  const api = useMemo<GraphCanvasApi>(
    () => ({
      fit: () => scene.current?.fit(),
      zoomIn: () => scene.current?.zoomBy(ZOOM_STEP),
      zoomOut: () => scene.current?.zoomBy(1 / ZOOM_STEP),
      tidy: () => scene.current?.tidy(),
      flyTo: (element) => scene.current?.flyTo(element),
      picture: () => scene.current?.picture ?? EMPTY_PICTURE,
      focus: () => stage.current?.focus(),
    }),
    [],
  );
  useImperativeHandle(ref, () => api, [api]);
  useEffect(() => onReady?.(api), [api, onReady]);

  const watchCamera = useCallback((callback: (now: Seen) => void) => {
    watcher.current = callback;
    if (seen.current) callback(seen.current);
    return () => {
      watcher.current = null;
    };
  }, []);
  const goTo = useCallback((at: Point) => scene.current?.centre(at), []);

  const nodes = useMemo(() => inFlowOrder(picture), [picture]);
  const active = cursor !== null && picture.nodes.has(cursor) ? cursor : null;
  const moveTo = useCallback((next: string | null) => {
    setCursor(next);
    scene.current?.setCursor(next);
    if (next !== null) latest.current.onFocus?.(next);
  }, []);

  const openMenu = (): boolean => {
    const { onContext } = latest.current;
    const element = active ?? selection;
    if (onContext && scene.current) onContext(element, scene.current.clientPointOf(element));
    return onContext !== undefined;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    const way = event.shiftKey ? PANS[event.key] : undefined;
    if (way) scene.current?.panBy(way.x, way.y);
    else if (direction) moveTo(moveCursor(picture, active ?? selection, direction));
    else
      switch (event.key) {
        case 'Enter':
          if (active === null) return;
          if (selection === active) latest.current.onOpen?.(active);
          else latest.current.onSelect(active);
          break;
        case ' ':
          if (active === null) return;
          latest.current.onSelect(active);
          break;
        case 'Escape':
          latest.current.onSelect(null);
          break;
        case 'ContextMenu':
          if (!openMenu()) return;
          break;
        case 'F10':
          if (!event.shiftKey || !openMenu()) return;
          break;
        case '/':
          latest.current.onFindRequest?.();
          break;
        case '+':
        case '=':
          api.zoomIn();
          break;
        case '-':
          api.zoomOut();
          break;
        case '0':
          api.fit();
          break;
        default:
          return;
      }
    event.preventDefault();
  };

  const news = useHealthNews(props.document);
  return (
    <section className={styles['canvas']} aria-label="Service graph">
      {/* One element takes pointer and keyboard; what it shows is mirrored as options for assistive technology. */}
      <div
        ref={stage}
        className={styles['stage']}
        role="listbox"
        tabIndex={0}
        aria-label="Nodes of the service graph"
        aria-describedby={`${id}-summary`}
        aria-activedescendant={active === null ? undefined : `${id}-${nodes.findIndex((n) => n.node.id === active)}`}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (stage.current?.matches(':focus-visible')) moveTo(active ?? selection ?? nodes[0]?.node.id ?? null);
        }}
        onBlur={() => scene.current?.setCursor(null)}
      >
        <div ref={shapes} className={styles['shapes']} aria-hidden />
        <div ref={dots} className={styles['dots']} aria-hidden />
        <canvas ref={decorations} className={styles['decorations']} data-role="decorations" aria-hidden />
        <div ref={frame} className={styles['frame']} hidden aria-hidden />
        <Mirror id={id} nodes={nodes} selection={selection} marks={marks} />
      </div>
      <p id={`${id}-summary`} className={styles['mirror']}>
        {wordSummary(document)} Arrow keys follow the calls, Page Down visits every node, Enter selects and then opens, slash searches, plus
        and minus zoom, zero shows everything, Shift and arrow keys move the view.
        {props.onContext ? ' The menu key lists what can be done.' : ''}
      </p>
      <div className={styles['mirror']} role="status" aria-live="polite">
        {news}
      </div>
      {layoutNote !== null || (gaveUp && traffic) ? (
        <div className={styles['notes']} role="status">
          {layoutNote === null ? null : <p className={styles['note']}>{layoutNote}</p>}
          {gaveUp && traffic ? (
            <p className={styles['note']}>Moving traffic is off: this device is too slow for it at the moment.</p>
          ) : null}
        </div>
      ) : null}
      <fieldset className={styles['controls']} aria-label="View of the graph">
        <Button variant="plain" size="sm" aria-label="Zoom in" title="Zoom in (+)" icon={<SearchPlusIcon />} onClick={api.zoomIn} />
        <Button variant="plain" size="sm" aria-label="Zoom out" title="Zoom out (-)" icon={<SearchMinusIcon />} onClick={api.zoomOut} />
        <Button
          variant="plain"
          size="sm"
          aria-label="Show everything"
          title="Show everything (0)"
          icon={<ExpandIcon />}
          onClick={api.fit}
        />
        <Button
          variant="plain"
          size="sm"
          aria-label="Tidy up"
          title="Tidy up: arrange all nodes anew"
          icon={<MagicIcon />}
          onClick={api.tidy}
        />
      </fieldset>
      {palette && picture.nodes.size > 0 ? <Minimap picture={picture} palette={palette} watch={watchCamera} onGo={goTo} /> : null}
    </section>
  );
}

/** What the last refresh changed in health; silent when the view itself changed. */
function useHealthNews(document: GraphCanvasProps['document']): string {
  const before = useRef(document);
  const [news, setNews] = useState('');
  useEffect(() => {
    const old = before.current;
    before.current = document;
    if (old === document || viewKey(old.view) !== viewKey(document.view)) return;
    const words = wordHealthChanges(old, document);
    if (words !== null) setNews(words);
  }, [document]);
  return news;
}
