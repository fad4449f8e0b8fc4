// @vitest-environment jsdom
// Tests of send-json: what is sent, that a refusal there says nothing of the session, that nothing is an answer.
import { describe, expect, it, vi } from 'vitest';
import { fetchJson, ProblemError } from './fetch-json';
import { sendJson } from './send-json';
import { watchRefusals } from './session-signal';

const signal = new AbortController().signal;

describe('sendJson', () => {
  it('posts JSON with the token of the session, and takes an empty answer', async () => {
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response(null, { status: 204 })));
    expect(await sendJson('/api/x', { body: { a: 1 }, csrfToken: 'secret', signal, deadlineMs: 1_000, fetch: ask })).toBeNull();
    const init = ask.mock.calls[0]?.[1];
    expect(init).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(new Headers(init?.headers).get('x-heddle-csrf')).toBe('secret');
    expect(new Headers(init?.headers).get('content-type')).toBe('application/json');
  });

  it('sends no token where there is no session, and no body where there is none', async () => {
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response('{}')));
    await sendJson('/api/x', { csrfToken: null, signal, deadlineMs: 1_000, fetch: ask });
    const init = ask.mock.calls[0]?.[1];
    expect(new Headers(init?.headers).has('x-heddle-csrf')).toBe(false);
    expect(init?.body).toBeUndefined();
  });

  it('announces no end of a session for a token that is refused, a reader does', async () => {
    const refused = vi.fn();
    const end = watchRefusals(refused);
    const ask: typeof fetch = () => Promise.resolve(new Response('{"title":"T","detail":"D","next":"N"}', { status: 401 }));
    const send = sendJson('/api/auth/login', { body: {}, csrfToken: null, signal, deadlineMs: 1_000, fetch: ask });
    await expect(send).rejects.toMatchObject({ problem: { title: 'T', status: 401 } });
    expect(refused).not.toHaveBeenCalled();
    const guard = (body: unknown): body is string => typeof body === 'string';
    await expect(fetchJson('/api/x', { guard, signal, deadlineMs: 1_000, fetch: ask })).rejects.toBeInstanceOf(ProblemError);
    expect(refused).toHaveBeenCalledTimes(1);
    end();
    await expect(fetchJson('/api/x', { guard, signal, deadlineMs: 1_000, fetch: ask })).rejects.toBeInstanceOf(ProblemError);
    expect(refused).toHaveBeenCalledTimes(1);
  });
});
