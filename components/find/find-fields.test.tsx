// @vitest-environment jsdom
// The fields in use: completion by Tab, hits, errors in words, what is switched on, hide only when typing is over.
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef, type ReactNode, useEffect, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';
import { DEFAULT_SCREEN, type Screen } from '../live/screen-url';
import { FindFields } from './find-fields';
import type { Found } from './find-hits';

const DOCUMENT = sampleDocument({
  nodes: [sampleNode('cart'), sampleNode('web', { health: { status: 'failure', reasons: [] } })],
  edges: [sampleEdge('web', 'cart')],
});

let screenNow: Screen = DEFAULT_SCREEN;
let found: Found | null = null;
const onGo = vi.fn();

function Page(): ReactNode {
  const [state, setState] = useState(DEFAULT_SCREEN);
  useEffect(() => {
    screenNow = state;
  }, [state]);
  return (
    <FindFields
      document={DOCUMENT}
      view={state.view}
      find={state.find}
      narrow={false}
      inputRef={createRef()}
      change={(change) => setState((now) => ({ ...now, ...change(now) }))}
      onFound={(next) => {
        found = next;
      }}
      onGo={onGo}
    />
  );
}
const open = (): ReturnType<typeof userEvent.setup> => {
  const user = userEvent.setup();
  render(<Page />);
  return user;
};
const findField = (): HTMLElement => screen.getByRole('combobox', { name: /^Find/ });
const hideField = (): HTMLElement => screen.getByRole('combobox', { name: /^Hide/ });

// jsdom has no layout to scroll.
Element.prototype.scrollIntoView = () => undefined;
afterEach(() => {
  cleanup();
  onGo.mockReset();
  window.localStorage.clear();
});

describe('FindFields', () => {
  it('completes by Tab, lists hits, goes to the one that is chosen', async () => {
    const user = open();
    await user.type(findField(), 'worklo');
    await user.keyboard('{Tab}');
    expect(findField()).toHaveProperty('value', 'workload ');
    await user.clear(findField());
    await user.type(findField(), 'workload = web');
    await waitFor(() => expect(screenNow.find).toBe('workload = web'));
    await user.click(await screen.findByRole('option', { name: /^Failure\s*web/ }));
    expect(onGo).toHaveBeenCalledWith(expect.objectContaining({ label: 'web', open: null }));
    expect([...(found?.matches ?? [])]).toEqual([sampleNode('web').id]);
  });

  it('goes to the first hit of plain words by Enter', async () => {
    const user = open();
    await user.type(findField(), 'cart');
    await waitFor(() => expect(found?.count).toBe(1));
    await user.keyboard('{Enter}');
    expect(onGo).toHaveBeenCalledWith(expect.objectContaining({ label: 'cart' }));
  });

  it('says what is wrong, where, and leaves the address alone', async () => {
    const user = open();
    await user.type(findField(), 'responsetme > 5{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe(
      "Unknown operand 'responsetme' (at character 1). Did you mean responsetime?",
    );
    expect(findField().getAttribute('aria-invalid')).toBe('true');
    expect(screenNow.find).toBe('');
  });

  it('switches on what an expression reads', async () => {
    const user = open();
    await user.type(findField(), 'rt > 1000 or rank = 1{Enter}');
    await waitFor(() => expect(screenNow.find).toBe('rt > 1000 or rank = 1'));
    expect(screenNow.labels).toContain('p95');
    expect(screenNow.view).toMatchObject({ overlays: ['quantiles'], rank: ['inbound', 'outbound'] });
    expect(screen.getAllByRole('status').some((one) => one.textContent.includes('Switched on for it: P95 latency, ranks.'))).toBe(true);
  });

  it('hides when typing is over, by the canonical text, and remembers it', async () => {
    const user = open();
    await user.type(hideField(), 'ns=shop');
    expect(screenNow.view.hide).toBe('');
    await user.keyboard('{Enter}');
    expect(screenNow.view.hide).toBe('namespace = shop');
    await user.clear(hideField());
    await user.keyboard('{Enter}');
    expect(screenNow.view.hide).toBe('');
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('option', { name: /^ns=shop/ })).toBeTruthy();
  });
});
