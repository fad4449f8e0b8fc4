// Who logged in, who was refused, who left: a log line and a count each. In: events. Out: lines by Logger, exposition text.
import type { LoginStrategy } from '../../model/account';
import type { Logger } from '../log';
import type { Clock } from '../ports';
import { tame } from './claims';
import { ExpiringSet } from './expiring-set';
import type { LoginFaultCode } from './fault';

/** `request`: somebody was refused who showed something (a session, a token) or asked for a change. */
export type AuthEvent = 'login' | 'refresh' | 'logout' | 'providerLogout' | 'request';
export type AuthOutcome =
  | 'ok'
  | LoginFaultCode
  | 'sessionEnded'
  | 'sessionIdle'
  | 'sessionRevoked'
  | 'sessionUnknown'
  | 'wrongOrigin'
  | 'wrongCsrfToken'
  | 'replayed';

export interface AuditFields {
  readonly address: string;
  readonly user?: string | null;
  readonly subject?: string | null;
  /** What was found, in words; never a token. */
  readonly text?: string;
}

export interface Audit {
  note(event: AuthEvent, outcome: AuthOutcome, fields: AuditFields): void;
  /** Prometheus' text format 0.0.4. */
  encode(): string;
}

const QUIET_MS = 60_000;

/** An audit of one strategy. Refusals of requests may come by the thousand: of each address and outcome one line a minute, but all are counted. */
export function createAudit(strategy: LoginStrategy, log: Logger, clock: Clock): Audit {
  const counts = new Map<string, number>();
  const told = new ExpiringSet(clock, 5_000);
  return {
    note: (event, outcome, { address, user, subject, text }) => {
      const key = `event="${event}",outcome="${outcome}"`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      const isFlood = event === 'request' || outcome === 'tooManyAttempts';
      if (isFlood && !told.has(`${outcome} ${address}`)) told.add(`${outcome} ${address}`, clock.now() + QUIET_MS);
      else if (isFlood) return;
      const fields = {
        action: event,
        outcome,
        strategy,
        address: tame(address, 64),
        ...(user === undefined || user === null ? {} : { user: tame(user) }),
        ...(subject === undefined || subject === null ? {} : { subject: tame(subject) }),
        ...(text === undefined ? {} : { text: tame(text, 400) }),
      };
      if (outcome === 'ok') log.info('auth', fields);
      else log.warn('auth', fields);
    },
    encode: () =>
      [
        '# HELP heddle_auth_events_total Logins, refreshes, logouts and refused requests by outcome.',
        '# TYPE heddle_auth_events_total counter',
        ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([labels, count]) => `heddle_auth_events_total{${labels}} ${count}`),
        '',
      ].join('\n'),
  };
}
