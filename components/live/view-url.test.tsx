// @vitest-environment jsdom
// The hook on a browser's address bar, with next/navigation's search parameters following it as they do in Next.
import { act, renderHook } from '@testing-library/react';
import { useSyncExternalStore } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SCREEN } from './screen-url';
import { useViewUrl } from './view-url';

vi.mock('next/navigation', () => ({
  useSearchParams: () =>
    new URLSearchParams(
      useSyncExternalStore(
        (changed) => {
          window.addEventListener('address', changed);
          return () => window.removeEventListener('address', changed);
        },
        () => window.location.search,
      ),
    ),
}));

describe('useViewUrl', () => {
  const replace = window.history.replaceState.bind(window.history);
  beforeEach(() => {
    replace(null, '', '/graph');
    vi.spyOn(window.history, 'replaceState').mockImplementation((data, unused, url) => {
      replace(data, unused, url);
      window.dispatchEvent(new Event('address'));
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it('reads the screen, writes changes, and two changes in one event add up', () => {
    const { result } = renderHook(() => useViewUrl());
    expect(result.current.screen).toEqual(DEFAULT_SCREEN);
    act(() => {
      result.current.update({ find: 'cart' });
      result.current.update({ traffic: true });
    });
    expect(window.location.search).toBe('?traffic=true&find=cart');
    expect(result.current.screen).toMatchObject({ find: 'cart', traffic: true });
    act(() => result.current.update({ find: '', traffic: false }));
    expect(window.location.pathname + window.location.search).toBe('/graph');
  });

  it('keeps the identity of the view while only the display changes', () => {
    const { result } = renderHook(() => useViewUrl());
    const { view } = result.current.screen;
    act(() => result.current.update({ selection: 'x' }));
    expect(result.current.screen.view).toBe(view);
    act(() => result.current.update({ view: { ...view, idle: true } }));
    expect(result.current.screen.view).not.toBe(view);
  });

  it('shows the default and says why when the address cannot be read', () => {
    replace(null, '', '/graph?duration=never');
    const { result } = renderHook(() => useViewUrl());
    expect(result.current.screen).toEqual(DEFAULT_SCREEN);
    expect(result.current.problem?.detail).toContain('duration="never"');
  });
});
