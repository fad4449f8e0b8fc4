// @vitest-environment jsdom
// Tests of the session in the frame: led to the login once, the end as a dialog over the page, warnings, the user menu, nothing to see.
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeDocument } from '../../model/account';
import type { SessionState } from '../live/session-store';
import { announceRefusal } from '../ui/session-signal';
import { SessionBanner } from './session-banner';
import { SessionProvider, useSession } from './session-context';
import { SessionGate } from './session-gate';
import { findSessionNotice } from './session-words';
import { UserCard } from './user-card';

const address = vi.hoisted(() => ({ pathname: '/graph' }));
vi.mock('next/navigation', () => ({ usePathname: () => address.pathname }));
vi.mock('next/dynamic', async () => {
  const { createElement, lazy, Suspense } = await import('react');
  return {
    default: (load: () => Promise<ComponentType<object>>) => {
      const Part = lazy(async () => ({ default: await load() }));
      return (props: object) => createElement(Suspense, { fallback: null }, createElement(Part, props));
    },
  };
});

const me = (change: Partial<MeDocument> = {}): MeDocument => ({
  strategy: 'openid',
  user: { name: 'ada', groups: ['a', 'b'] },
  endsAtMs: null,
  idleEndsAtMs: null,
  csrfToken: 'csrf',
  sees: 'all',
  isAdmin: false,
  ...change,
});
const nobody = (strategy: MeDocument['strategy'] = 'openid') => me({ strategy, user: null, csrfToken: null, sees: 'none' });
const sessionOf = (change: Partial<SessionState>): SessionState => ({ status: 'open', me: me(), refused: false, problem: null, ...change });

class Server {
  me: MeDocument;
  asked = 0;
  constructor(first: MeDocument) {
    this.me = first;
  }
  readonly fetch: typeof fetch = () => {
    this.asked++;
    return Promise.resolve(new Response(JSON.stringify(this.me)));
  };
}

function Name() {
  const { status, me: who } = useSession();
  return <output>{`${status} ${who?.user?.name ?? 'nobody'}`}</output>;
}

function show(server: Server) {
  const spies = { onResume: vi.fn(), leave: vi.fn(), startOver: vi.fn(), login: vi.fn() };
  render(
    <SessionProvider onResume={spies.onResume} leave={spies.leave} startOver={spies.startOver} fetch={server.fetch}>
      <Name />
      <SessionBanner leave={spies.login} />
      <SessionGate>
        <p>The page</p>
      </SessionGate>
    </SessionProvider>,
  );
  return spies;
}
const isStatus = (text: string) => waitFor(() => expect(screen.getByText(text)).toBeTruthy());

beforeEach(() => {
  address.pathname = '/graph';
  window.history.replaceState(null, '', '/graph?namespaces=shop&select=cart#x');
  window.sessionStorage.clear();
});
afterEach(cleanup);

describe('SessionProvider', () => {
  it('leads somebody unknown to the login page once, with the way back, and shows no page until then', async () => {
    const spies = show(new Server(nobody()));
    await isStatus('absent nobody');
    expect(spies.leave.mock.calls).toEqual([['/login?to=%2Fgraph%3Fnamespaces%3Dshop%26select%3Dcart%23x']]);
    expect(screen.queryByText('The page')).toBeNull();
  });

  it('shows the page at once, before it is known who reads it', () => {
    show(new Server(me()));
    expect(screen.getByText('The page')).toBeTruthy();
  });

  it('shows no failed page when the first answers are refusals', () => {
    show(new Server(nobody()));
    act(() => announceRefusal());
    expect(screen.queryByText('The page')).toBeNull();
    expect(screen.getByText('Looking who you are…')).toBeTruthy();
  });

  it('says the end of a session in a dialog over the page; the login comes back to the same address', async () => {
    const server = new Server(me());
    const spies = show(server);
    await isStatus('open ada');
    server.me = nobody();
    act(() => announceRefusal());
    const dialog = await screen.findByRole('dialog', { name: /Your session has ended/ });
    expect(dialog.textContent).toContain('as ada any more');
    expect(screen.getByText('The page')).toBeTruthy();
    expect(spies.leave).not.toHaveBeenCalled();
    fireEvent.click(screen.getAllByRole('button', { name: 'Log in again' })[0] ?? dialog);
    expect(spies.login).toHaveBeenCalledWith('/api/auth/login?to=%2Fgraph%3Fnamespaces%3Dshop%26select%3Dcart%23x');
  });

  it('lets the reader stay on the page, with a notice that keeps the way to the login', async () => {
    const server = new Server(me({ strategy: 'token' }));
    const spies = show(server);
    await isStatus('open ada');
    server.me = nobody('token');
    act(() => announceRefusal());
    fireEvent.click(await screen.findByRole('button', { name: 'Stay on this page' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    fireEvent.click(await screen.findByRole('button', { name: 'Log in again' }));
    expect(spies.login).toHaveBeenCalledWith('/login?to=%2Fgraph%3Fnamespaces%3Dshop%26select%3Dcart%23x');
  });

  it('resumes when the same user is back in another tab, and starts over for another', async () => {
    const server = new Server(me());
    const spies = show(server);
    await isStatus('open ada');
    server.me = nobody();
    act(() => announceRefusal());
    await isStatus('ended ada');
    server.me = me();
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await isStatus('open ada');
    expect(spies.onResume).toHaveBeenCalledTimes(1);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    server.me = nobody();
    act(() => announceRefusal());
    await isStatus('ended ada');
    server.me = me({ user: { name: 'eve', groups: [] } });
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await waitFor(() => expect(spies.startOver).toHaveBeenCalledTimes(1));
    expect(spies.onResume).toHaveBeenCalledTimes(1);
  });
});

describe('SessionGate', () => {
  it('tells who sees nothing where it is said why, and lets them go there', async () => {
    show(new Server(me({ sees: 'none' })));
    expect(await screen.findByText('You are logged in as ada, but may see no namespace')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Find out why' }).getAttribute('href')).toBe('/account');
    expect(screen.queryByText('The page')).toBeNull();
    cleanup();
    address.pathname = '/account';
    show(new Server(me({ sees: 'none' })));
    await isStatus('open ada');
    expect(screen.getByText('The page')).toBeTruthy();
  });
});

describe('SessionBanner', () => {
  it('says once a session that nobody logs in', async () => {
    show(new Server(me({ strategy: 'anonymous', user: null })));
    await screen.findByText(/Nobody logs in here/);
    fireEvent.click(screen.getByRole('button', { name: /Close/ }));
    expect(screen.queryByText(/Nobody logs in here/)).toBeNull();
    cleanup();
    show(new Server(me({ strategy: 'anonymous', user: null })));
    await isStatus('open nobody');
    expect(screen.queryByText(/Nobody logs in here/)).toBeNull();
  });
});

describe('findSessionNotice', () => {
  const none = { endsAtMs: null, anonymous: false };
  const endsAtMs = 10_000_000;
  const ending = sessionOf({ me: me({ endsAtMs }) });
  it('warns five minutes before the end, not earlier, until it was read, and again for a later end', () => {
    expect(findSessionNotice(ending, endsAtMs - 301_000, none)).toBeNull();
    expect(findSessionNotice(ending, endsAtMs - 300_000, none)).toEqual({ kind: 'ending', endsAtMs, inWords: 'in 5 minutes' });
    expect(findSessionNotice(ending, endsAtMs - 59_000, none)).toMatchObject({ inWords: 'in less than a minute' });
    expect(findSessionNotice(ending, endsAtMs - 59_000, { endsAtMs, anonymous: false })).toBeNull();
    expect(findSessionNotice(ending, endsAtMs - 59_000, { endsAtMs: 1, anonymous: false })).not.toBeNull();
  });
  it('says the end, and nothing of what it does not know', () => {
    expect(findSessionNotice(sessionOf({ status: 'ended' }), 0, none)).toEqual({ kind: 'ended' });
    expect(findSessionNotice(sessionOf({}), 0, none)).toBeNull();
    expect(findSessionNotice(sessionOf({ status: 'unknown', me: null }), 0, none)).toBeNull();
    expect(findSessionNotice(sessionOf({ me: nobody('anonymous') }), 0, none)).toBeNull();
  });
});

describe('UserCard', () => {
  const card = (session: SessionState, ask: typeof fetch = () => Promise.reject(new Error('offline'))) => {
    const leave = vi.fn();
    render(<UserCard session={session} onClose={vi.fn()} leave={leave} fetch={ask} />);
    return leave;
  };

  it('says who, in how many groups, with what rights, and leads to the account', () => {
    card(sessionOf({ me: me({ isAdmin: true }) }));
    expect(screen.getByText('ada')).toBeTruthy();
    expect(screen.getByText('In 2 groups')).toBeTruthy();
    expect(screen.getByText('Administrator, sees all namespaces')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Account and permissions' }).getAttribute('href')).toBe('/account');
  });

  it('logs out with the token of the session and goes where the server says', async () => {
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response('{"location":"https://accounts.example.com/logout"}')));
    const leave = card(sessionOf({}), ask);
    fireEvent.click(screen.getByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(leave).toHaveBeenCalledWith('https://accounts.example.com/logout'));
    expect(new Headers(ask.mock.calls[0]?.[1]?.headers).get('x-heddle-csrf')).toBe('csrf');
  });

  it('takes a session that is over for a logout that went well, and says any other failure', async () => {
    const leave = card(sessionOf({}), () => Promise.resolve(new Response('{}', { status: 401 })));
    fireEvent.click(screen.getByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(leave).toHaveBeenCalledWith('/login'));
    cleanup();
    const stay = card(sessionOf({}));
    fireEvent.click(screen.getByRole('button', { name: 'Log out' }));
    await screen.findByText('The console cannot be reached');
    expect(stay).not.toHaveBeenCalled();
  });

  it('offers no logout where there is no session', () => {
    card(sessionOf({ me: me({ strategy: 'anonymous', user: null, csrfToken: null }) }));
    expect(screen.getByText('Anonymous')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Log out' })).toBeNull();
  });
});
