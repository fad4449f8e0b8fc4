'use client';
// Who is using the console, for the frame and its pages; nobody where a login is needed is led to it. In: /api/me. Out: a context.
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { LoginStrategy, MeDocument } from '../../model/account';
import { readReturn, withReturn } from '../live/login-address';
import { isMeDocument } from '../live/me-guard';
import { type SessionEnvironment, type SessionState, SessionStore } from '../live/session-store';
import { withBase } from '../ui/base-path';
import { fetchJson } from '../ui/fetch-json';
import { watchRefusals } from '../ui/session-signal';

const UNKNOWN: SessionState = { status: 'unknown', me: null, refused: false, problem: null };
const SessionContext = createContext<SessionState>(UNKNOWN);

export const useSession = (): SessionState => useContext(SessionContext);

/** Where a login starts that comes back to where the browser is now: the provider where there is one, else the login page. */
export const readLoginAddress = (strategy: LoginStrategy | null): string =>
  withReturn(withBase(strategy === 'openid' ? '/api/auth/login' : '/login'), readReturn(window.location, withBase('')));

function browserSession(ask: typeof fetch | undefined): SessionEnvironment {
  return {
    fetchMe: () =>
      fetchJson(withBase('/api/me'), {
        guard: isMeDocument,
        deadlineMs: 20_000,
        signal: new AbortController().signal,
        ...(ask === undefined ? {} : { fetch: ask }),
      }),
    nowMs: () => Date.now(),
    startTimer: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    watchRefusals,
    watchShown: (callback) => {
      const onVisibility = (): void => {
        if (!document.hidden) callback();
      };
      document.addEventListener('visibilitychange', onVisibility);
      return () => document.removeEventListener('visibilitychange', onVisibility);
    },
  };
}

interface Props {
  readonly children: ReactNode;
  /** Brings the page up to date after a new login elsewhere. */
  readonly onResume: () => void;
  /** Goes to another address of the browser, without a way back to this one. */
  readonly leave?: (address: string) => void;
  /** Loads the page anew. */
  readonly startOver?: () => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const replace = (address: string): void => window.location.replace(address);
const reload = (): void => window.location.reload();

export function SessionProvider({ children, onResume, leave = replace, startOver = reload, fetch }: Props): ReactNode {
  const [store] = useState(() => new SessionStore(browserSession(fetch)));
  const resume = useEffectEvent((me: MeDocument | null) => {
    // What is shown was somebody else's to see: the page starts anew.
    if (me === null) startOver();
    else onResume();
  });
  useEffect(() => {
    store.start((me) => resume(me));
    return () => store.stop();
  }, [store]);
  const session = useSyncExternalStore(store.subscribe, store.state, () => UNKNOWN);
  const absent = session.status === 'absent';
  useEffect(() => {
    // By the login page, which stops there: who is sent on at once can be sent in circles.
    if (absent) leave(readLoginAddress(null));
  }, [absent, leave]);
  return <SessionContext value={session}>{children}</SessionContext>;
}
