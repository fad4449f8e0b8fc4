'use client';
// The layout that a reader chose for a view, kept in this browser. In: the key of the view (as for places chosen by hand). Out: name, setter.
import { useCallback } from 'react';
import { useStored } from '../ui/use-stored';
import { DEFAULT_LAYOUT, type LayoutName, readLayoutName } from './layout/layout-names';

const KEY = 'heddle.layouts';
/** Views whose choice is kept; the oldest are forgotten. */
const MAX_VIEWS = 50;

type Choices = readonly (readonly [view: string, layout: LayoutName])[];
const NONE: Choices = [];

/** Choices out of stored text, the newest last; whatever is no choice is left out, null for a text that holds none. */
export function decodeChoices(text: string): Choices | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return null;
    return parsed.flatMap((entry: unknown) => {
      const pair: readonly unknown[] = Array.isArray(entry) ? entry : [];
      const [view, name] = pair;
      const layout = typeof name === 'string' ? readLayoutName(name) : null;
      return typeof view === 'string' && layout !== null ? [[view, layout] as const] : [];
    });
  } catch {
    return null;
  }
}

/** The choices with one more; the default is not kept. */
export function withChoice(choices: Choices, view: string, layout: LayoutName): Choices {
  const others = choices.filter(([own]) => own !== view);
  return (layout === DEFAULT_LAYOUT ? others : [...others, [view, layout] as const]).slice(-MAX_VIEWS);
}

export function useLayoutChoice(view: string): readonly [LayoutName, (layout: LayoutName) => void] {
  const [choices, write] = useStored<Choices>(KEY, NONE, decodeChoices, JSON.stringify);
  const chosen = choices.find(([own]) => own === view)?.[1] ?? DEFAULT_LAYOUT;
  return [chosen, useCallback((layout) => write(withChoice(choices, view, layout)), [choices, view, write])];
}
