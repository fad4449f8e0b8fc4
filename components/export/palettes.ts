// The canvas' colours as plain values, for pictures that stand outside of a page. In: a theme. Out: Palette.
// A test holds them to what the style sheets say (graph-canvas.module.css, PatternFly's tokens).
import type { ExportTheme } from '../../model/export-format';
import type { Palette } from '../graph/canvas/palette';

/** A viewer without Red Hat Text draws with the next; the widths that the layout counts with suffice for all of them. */
const FONTS = 'Red Hat Text, RedHatText, Helvetica, Arial, sans-serif';

export const EXPORT_PALETTES: Readonly<Record<ExportTheme, Palette>> = {
  light: {
    canvas: '#ffffff',
    surface: '#ffffff',
    text: '#151515',
    subtle: '#4d4d4d',
    clusterFill: '#ffffff',
    namespaceFill: '#f6f7f9',
    appFill: '#ffffff',
    boxBorder: '#c7c7c7',
    healthy: '#3d7317',
    degraded: '#ca6c0f',
    failure: '#b1380b',
    idle: '#8c8c8c',
    tcp: '#0066cc',
    accent: '#0066cc',
    badge: '#5e40be',
    found: '#9e4a06',
    added: '#0b6f6a',
    removed: '#6a3fb5',
    fontFamily: FONTS,
  },
  dark: {
    canvas: '#292929',
    surface: '#1f1f1f',
    text: '#ffffff',
    subtle: '#c7c7c7',
    clusterFill: '#151515',
    namespaceFill: '#202428',
    appFill: '#292d32',
    boxBorder: '#4a4f55',
    healthy: '#87bb62',
    degraded: '#f5921b',
    failure: '#f4784a',
    idle: '#a3a3a3',
    tcp: '#92c5f9',
    accent: '#92c5f9',
    badge: '#b6a6e9',
    found: '#f8ae54',
    added: '#63d2cb',
    removed: '#c6a4f5',
    fontFamily: FONTS,
  },
};
