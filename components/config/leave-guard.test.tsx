// @vitest-environment jsdom
// Tests of leaving an editor with unapplied text: asked for links of the console, not for others.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LeaveGuard } from './leave-guard';

afterEach(cleanup);

function show(active: boolean, kept = true) {
  const onLeave = vi.fn();
  const onDiscard = vi.fn();
  window.history.replaceState(null, '', '/console/config/VirtualService/a/b');
  render(
    <>
      <a href="/console/graph?x=1">graph</a>
      <a href="https://elsewhere.example/">elsewhere</a>
      <a href="#main">skip</a>
      <LeaveGuard active={active} kept={kept} base="/console" onDiscard={onDiscard} onLeave={onLeave} />
    </>,
  );
  // jsdom does not go anywhere; what is not asked about is stopped here.
  const passed = vi.fn((event: Event) => event.preventDefault());
  window.addEventListener('click', passed, { once: true });
  return { onLeave, onDiscard, passed };
}

describe('LeaveGuard', () => {
  it('asks before a link of the console is followed, and goes where it led', () => {
    const { onLeave, onDiscard } = show(true);
    fireEvent.click(screen.getByText('graph'));
    expect(onLeave).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Leave and keep the draft' }));
    expect(onLeave).toHaveBeenCalledWith('/graph?x=1');
    expect(onDiscard).not.toHaveBeenCalled();
  });

  it('stays, or discards first', () => {
    const { onLeave, onDiscard } = show(true);
    fireEvent.click(screen.getByText('graph'));
    fireEvent.click(screen.getByRole('button', { name: 'Stay' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.click(screen.getByText('graph'));
    fireEvent.click(screen.getByRole('button', { name: 'Leave and discard the draft' }));
    expect(onDiscard).toHaveBeenCalled();
    expect(onLeave).toHaveBeenCalled();
  });

  it('lets other addresses, the skip link, new tabs and an unchanged text pass', () => {
    for (const [active, name, keys] of [
      [true, 'elsewhere', {}],
      [true, 'skip', {}],
      [true, 'graph', { ctrlKey: true }],
      [false, 'graph', {}],
    ] as const) {
      const { passed } = show(active);
      fireEvent.click(screen.getByText(name), keys);
      expect(screen.queryByRole('dialog'), name).toBeNull();
      expect(passed, name).toHaveBeenCalled();
      cleanup();
    }
  });

  it('stops a reload only where the browser keeps no drafts', () => {
    show(true, true);
    const kept = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(kept);
    expect(kept.defaultPrevented).toBe(false);
    cleanup();
    show(true, false);
    const lost = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(lost);
    expect(lost.defaultPrevented).toBe(true);
  });
});
