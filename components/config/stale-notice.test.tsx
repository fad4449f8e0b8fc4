// @vitest-environment jsdom
// Tests of what happens to an object while somebody edits it: nothing is replaced unasked but what nobody changed, nothing is lost.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentProps } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { REVIEWS } from './sample-config';
import { StaleNotice } from './stale-notice';

afterEach(cleanup);

const first = { yaml: 'a: 1\nb: 1\nc: 1\n', resourceVersion: '1' };
const second = { yaml: 'a: 1\nb: 1\nc: 2\n', resourceVersion: '2' };

function show(change: Partial<ComponentProps<typeof StaleNotice>>) {
  const did = {
    onAdopted: vi.fn(),
    onText: vi.fn(),
    onBase: vi.fn(),
    onGone: vi.fn(),
    onDiscard: vi.fn(),
    onCompare: vi.fn(),
    onSeen: vi.fn(),
  };
  const props = {
    editedRef: REVIEWS,
    base: first,
    current: first,
    text: first.yaml,
    dirty: false,
    restored: null,
    gone: false,
    adopting: false,
  };
  render(<StaleNotice {...props} {...did} {...change} />);
  return did;
}

describe('StaleNotice', () => {
  it('says nothing while nothing happens', () => {
    const { onText, onBase } = show({ text: 'a: 9\n', dirty: true });
    expect(screen.queryByRole('heading')).toBeNull();
    expect(onText).not.toHaveBeenCalled();
    expect(onBase).not.toHaveBeenCalled();
  });

  it('follows the cluster where nothing was written', () => {
    const { onText, onBase } = show({ current: second });
    expect(onText).toHaveBeenCalledWith(second.yaml);
    expect(onBase).toHaveBeenCalledWith(second);
  });

  it('takes another version of the same text without a word', () => {
    const same = { ...first, resourceVersion: '2' };
    const { onText, onBase } = show({ current: same, text: 'a: 9\n', dirty: true });
    expect(onBase).toHaveBeenCalledWith(same);
    expect(onText).not.toHaveBeenCalled();
    expect(screen.queryByRole('heading')).toBeNull();
  });

  it('leaves a written text alone until somebody decides, and merges both changes', async () => {
    const { onText, onBase } = show({ current: second, text: 'a: 9\nb: 1\nc: 1\n', dirty: true });
    expect(onText).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Merge both changes' }));
    await waitFor(() => expect(onText).toHaveBeenCalledWith('a: 9\nb: 1\nc: 2\n'));
    expect(onBase).toHaveBeenCalledWith(second);
  });

  it('keeps the text, or takes that of the cluster', () => {
    const kept = show({ current: second, text: 'mine', dirty: true });
    fireEvent.click(screen.getByRole('button', { name: 'Keep my text' }));
    expect(kept.onText).not.toHaveBeenCalled();
    expect(kept.onBase).toHaveBeenCalledWith(second);
    cleanup();
    const taken = show({ current: second, text: 'mine', dirty: true });
    fireEvent.click(screen.getByRole('button', { name: 'Take the cluster’s text' }));
    expect(taken.onText).toHaveBeenCalledWith(second.yaml);
  });

  it('says that the object is gone, and makes it anew when asked', () => {
    const { onGone } = show({ current: null, text: 'mine', dirty: true });
    screen.getByRole('heading', { name: /VirtualService bookinfo\/reviews is not in the cluster any more/ });
    fireEvent.click(screen.getByRole('button', { name: 'Create it anew from this text' }));
    expect(onGone).toHaveBeenCalledWith(true);
  });

  it('takes what the cluster made of an applied text', () => {
    const { onText, onBase, onAdopted } = show({ current: second, text: 'mine', dirty: true, adopting: true });
    expect(onText).toHaveBeenCalledWith(second.yaml);
    expect(onBase).toHaveBeenCalledWith(second);
    expect(onAdopted).toHaveBeenCalled();
    expect(screen.queryByRole('heading')).toBeNull();
  });

  it('says that a draft is back, and discards it when asked', () => {
    const { onDiscard, onCompare } = show({
      restored: { text: 'mine', base: first, atMs: Date.now() - 300_000 },
      text: 'mine',
      dirty: true,
    });
    screen.getByRole('heading', { name: /Your draft of 5.min ago is back/ });
    fireEvent.click(screen.getByRole('button', { name: 'Compare with the cluster' }));
    fireEvent.click(screen.getByRole('button', { name: 'Discard the draft' }));
    expect(onCompare).toHaveBeenCalled();
    expect(onDiscard).toHaveBeenCalled();
  });
});
