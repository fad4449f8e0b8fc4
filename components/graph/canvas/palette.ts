// Colours of the canvas, read from the theme's CSS variables (graph-canvas.module.css maps PatternFly tokens to --graph-…).
// In: an element in the themed page. Out: Palette; the text of a colour is whatever CSS says.
import type { MarkTone } from './marks';

export interface Palette {
  readonly canvas: string;
  readonly surface: string;
  readonly text: string;
  readonly subtle: string;
  readonly clusterFill: string;
  readonly namespaceFill: string;
  readonly appFill: string;
  readonly boxBorder: string;
  readonly healthy: string;
  readonly degraded: string;
  readonly failure: string;
  readonly idle: string;
  readonly tcp: string;
  readonly accent: string;
  readonly badge: string;
  readonly found: string;
  readonly added: string;
  readonly removed: string;
  readonly fontFamily: string;
}

/** What is used where the theme has no such variable (tests, an unstyled page). */
const FALLBACK: Palette = {
  canvas: '#ffffff',
  surface: '#ffffff',
  text: '#151515',
  subtle: '#4d4d4d',
  clusterFill: '#fafafa',
  namespaceFill: '#f2f2f2',
  appFill: '#ffffff',
  boxBorder: '#a3a3a3',
  healthy: '#3d7317',
  degraded: '#ca6c0f',
  failure: '#b1380b',
  idle: '#707070',
  tcp: '#0066cc',
  accent: '#0066cc',
  badge: '#5e40be',
  found: '#b98412',
  added: '#0b7a75',
  removed: '#6c3ba8',
  fontFamily: 'sans-serif',
};

/** The colour of a mark. */
export function markColor(palette: Palette, tone: MarkTone): string {
  switch (tone) {
    case 'added':
      return palette.added;
    case 'removed':
      return palette.removed;
    case 'worse':
      return palette.failure;
    case 'better':
      return palette.healthy;
    case 'changed':
    case 'path':
      return palette.accent;
    case 'dim':
      return palette.subtle;
  }
}

const variable = (name: string): string => `--graph-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** The colours in force at an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: keyof Palette): string => style.getPropertyValue(variable(name)).trim() || FALLBACK[name];
  return {
    canvas: read('canvas'),
    surface: read('surface'),
    text: read('text'),
    subtle: read('subtle'),
    clusterFill: read('clusterFill'),
    namespaceFill: read('namespaceFill'),
    appFill: read('appFill'),
    boxBorder: read('boxBorder'),
    healthy: read('healthy'),
    degraded: read('degraded'),
    failure: read('failure'),
    idle: read('idle'),
    tcp: read('tcp'),
    accent: read('accent'),
    badge: read('badge'),
    found: read('found'),
    added: read('added'),
    removed: read('removed'),
    fontFamily: read('fontFamily'),
  };
}

/** Calls back when the theme of the page changes (the class or style of <html>, or the system's contrast). Returns the end of it. */
export function watchTheme(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] });
  const contrast = window.matchMedia('(prefers-contrast: more)');
  contrast.addEventListener('change', callback);
  return () => {
    observer.disconnect();
    contrast.removeEventListener('change', callback);
  };
}
