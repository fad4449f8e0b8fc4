// @vitest-environment jsdom
// Tests of use-json: last good data kept, interval, hidden page, abort, change of path.
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useJson } from './use-json';

interface Doc {
  readonly n: number;
}
const guard = (body: unknown): body is Doc => typeof body === 'object' && body !== null && 'n' in body && typeof body.n === 'number';

function Probe(props: { readonly path: string | null; readonly refreshMs?: number; readonly drop?: boolean; readonly ask: typeof fetch }) {
  const state = useJson(props.path, { guard, refreshMs: props.refreshMs ?? 0, dropOnChange: props.drop ?? false, fetch: props.ask });
  return (
    <div>
      <output>{`${state.data === null ? 'none' : state.data.n} ${state.problem === null ? 'fine' : state.problem.title} ${state.loading ? 'loading' : 'settled'}`}</output>
      <button type="button" onClick={state.reload}>
        reload
      </button>
    </div>
  );
}
const shown = (): string | null => screen.getByRole('status').textContent;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('useJson', () => {
  it('keeps the last good document when a later fetch fails, and recovers', async () => {
    const answers = [new Response('{"n":1}'), new Response('{}', { status: 502 }), new Response('{"n":3}')];
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(answers.shift() ?? new Response('{"n":9}')));
    render(<Probe path="/api/x" ask={ask} />);
    expect(shown()).toBe('none fine loading');
    await waitFor(() => expect(shown()).toBe('1 fine settled'));
    act(() => screen.getByRole('button').click());
    await waitFor(() => expect(shown()).toBe('1 The console answered 502 settled'));
    act(() => screen.getByRole('button').click());
    await waitFor(() => expect(shown()).toBe('3 fine settled'));
  });

  it('fetches again at the interval, not while hidden, and stops when unmounted', async () => {
    vi.useFakeTimers();
    let n = 0;
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response(`{"n":${++n}}`)));
    const view = render(<Probe path="/api/x" refreshMs={5_000} ask={ask} />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(ask).toHaveBeenCalledTimes(1);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(shown()).toBe('2 fine settled');

    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(ask).toHaveBeenCalledTimes(2);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(shown()).toBe('3 fine settled');
    hidden.mockRestore();

    view.unmount();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('aborts the fetch of a path that is not wanted any more and never shows its answer', async () => {
    const signals: AbortSignal[] = [];
    const ask: typeof fetch = async (url, init) => {
      if (init?.signal) signals.push(init.signal);
      if (url === '/slow') await new Promise((resolve) => setTimeout(resolve, 30));
      init?.signal?.throwIfAborted();
      return new Response(url === '/slow' ? '{"n":1}' : '{"n":2}');
    };
    const view = render(<Probe path="/slow" ask={ask} />);
    view.rerender(<Probe path="/fast" ask={ask} />);
    await waitFor(() => expect(shown()).toBe('2 fine settled'));
    expect(signals[0]?.aborted).toBe(true);
  });

  it('drops or keeps the old document on a change of path, as asked', async () => {
    const never: typeof fetch = () => new Promise(() => undefined);
    const one: typeof fetch = () => Promise.resolve(new Response('{"n":1}'));
    for (const [drop, expected] of [
      [false, '1 fine loading'],
      [true, 'none fine loading'],
    ] as const) {
      const view = render(<Probe path="/a" drop={drop} ask={one} />);
      await waitFor(() => expect(shown()).toBe('1 fine settled'));
      view.rerender(<Probe path="/b" drop={drop} ask={never} />);
      expect(shown()).toBe(expected);
      view.unmount();
    }
  });

  it('fetches nothing without a path', () => {
    const ask = vi.fn<typeof fetch>();
    render(<Probe path={null} ask={ask} />);
    expect(shown()).toBe('none fine settled');
    expect(ask).not.toHaveBeenCalled();
  });
});
