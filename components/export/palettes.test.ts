// Tests of the palettes: they are what the canvas has from its style sheet and PatternFly's tokens, in both themes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPORT_PALETTES } from './palettes';

const root = join(import.meta.dirname, '..', '..');
const own = readFileSync(join(root, 'components/graph/canvas/graph-canvas.module.css'), 'utf8');
const tokens = readFileSync(join(root, 'node_modules/@patternfly/react-core/dist/styles/base.css'), 'utf8');

const declarations = (css: string): Map<string, string> =>
  new Map([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]));
/** The declarations of all blocks of exactly this selector, later ones before earlier ones. */
function blockOf(css: string, selector: string): Map<string, string> {
  const blocks = css.split(`\n${selector} {`).slice(1);
  return new Map(blocks.flatMap((block) => [...declarations(block.slice(0, block.indexOf('\n}')))]));
}

const canvasOf = { light: blockOf(`\n${own}`, '.canvas'), dark: blockOf(own, ':global(.pf-v6-theme-dark) .canvas') };
const tokensOf = { light: blockOf(tokens, ':root'), dark: blockOf(tokens, ':root:where(.pf-v6-theme-dark)') };

function resolve(value: string, theme: 'light' | 'dark'): string {
  const name = /^var\((--[\w-]+)/.exec(value)?.[1];
  if (name === undefined) return value;
  const next = (theme === 'dark' ? tokensOf.dark.get(name) : undefined) ?? tokensOf.light.get(name);
  if (next === undefined) throw new Error(`no token ${name}`);
  return resolve(next, theme);
}
const normal = (color: string): string =>
  /^#[0-9a-f]{3}$/.test(color) ? `#${Array.from(color.slice(1), (digit) => digit + digit).join('')}` : color;

describe('EXPORT_PALETTES', () => {
  it.each(['light', 'dark'] as const)('has the colours of the canvas in the %s theme', (theme) => {
    for (const [name, color] of Object.entries(EXPORT_PALETTES[theme])) {
      if (name === 'fontFamily') continue;
      const variable = `--graph-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const value = (theme === 'dark' ? canvasOf.dark.get(variable) : undefined) ?? canvasOf.light.get(variable) ?? '';
      expect(`${name} ${normal(resolve(value, theme))}`).toBe(`${name} ${color}`);
    }
  });
});
