// An OpenID provider that runs anywhere: the library oidc-provider in process, on 127.0.0.1, with people instead of passwords and knobs for tests.
// In: clients, people, a clock. Out: its issuer, knobs, and what can happen to it while it runs (keys exchanged, sessions revoked).
import { randomBytes } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { DEMO_IDENTITIES, type Identity } from './identities';
import { answerInteraction, isInteraction } from './interaction';
import { buildKnobs, type Knobs } from './knobs';
import { importOidcProvider } from './load-oidc-provider';
import { startLoopbackServer } from './loopback-server';
import { buildConfiguration, type Lifetimes, type OpenIdClient } from './provider-configuration';
import { Records } from './records';
import { generateSigningKey, type SigningKey } from './signing-keys';
import { shiftTimes } from './token-times';

export type { OpenIdClient } from './provider-configuration';

export interface OpenIdProviderOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly clients: readonly OpenIdClient[];
  /** Default: the people of the demo. */
  readonly users?: readonly Identity[];
  /** ms since the epoch; lifetimes and the times in tokens follow it. Default: the system's clock. */
  readonly clock?: () => number;
  readonly lifetimes?: Partial<Lifetimes>;
  readonly knobs?: Partial<Knobs>;
  /** PEM texts; HTTPS where given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Told of what went wrong inside, such as a logout token that a client did not take. Default: a line on stderr. */
  readonly onProblem?: (problem: Error) => void;
}

export interface RevokedSessions {
  readonly sessions: number;
  /** Clients that took the logout token. */
  readonly notified: readonly string[];
  readonly failed: readonly { readonly clientId: string; readonly reason: string }[];
}

export interface OpenIdProvider {
  readonly issuer: string;
  readonly knobs: Knobs;
  /** Signs with a new key from now on; `keepOld: false` also takes the old ones out of the key set. Returns the key's name. */
  rotateSigningKey(options?: { readonly keepOld?: boolean }): Promise<string>;
  /** Ends every session of a user (by username) as an administrator would: tokens die, clients are told by back-channel logout. */
  revokeSessions(username: string): Promise<RevokedSessions>;
  close(): Promise<void>;
}

const LIFETIMES: Lifetimes = { idTokenSeconds: 300, accessTokenSeconds: 300, refreshTokenSeconds: 8 * 3600, sessionSeconds: 12 * 3600 };

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
const writeProblem = (problem: Error): void => {
  process.stderr.write(`simulated OpenID provider: ${problem.message}\n`);
};

/** Starts the provider. Rejects when the port cannot be taken. */
export async function startOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const library = await importOidcProvider();
  const users = options.users ?? DEMO_IDENTITIES;
  const clock = options.clock ?? Date.now;
  const onProblem = options.onProblem ?? writeProblem;
  const knobs: Knobs = { ...buildKnobs(), ...options.knobs };
  const records = new Records(clock);
  const cookieKeys = [randomBytes(32).toString('base64url')];
  let keys: readonly SigningKey[] = [await generateSigningKey('RS256')];

  // The library writes the system's time; everybody else shall read the given clock's, with its error.
  const shiftSeconds = (): number => Math.round((clock() - Date.now()) / 1000) + knobs.clockSkewSeconds;
  const shift = async (token: string): Promise<string> => {
    const seconds = shiftSeconds();
    const [key] = keys;
    return seconds === 0 || key === undefined ? token : shiftTimes(token, seconds, key);
  };
  // The library's own dispatcher refuses addresses such as 127.0.0.1, where everything here lives: it is left out.
  const send = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { method, headers, body, redirect, signal } = init;
    const token = body instanceof URLSearchParams ? body.get('logout_token') : null;
    return fetch(input, {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(redirect === undefined ? {} : { redirect }),
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined || body === null
        ? {}
        : { body: token === null ? body : new URLSearchParams({ logout_token: await shift(token) }) }),
    });
  };

  const build = (issuer: string): Provider => {
    const lifetimes = { ...LIFETIMES, ...options.lifetimes };
    const provider = new library.default(
      issuer,
      buildConfiguration({
        policy: library.interactionPolicy,
        clients: options.clients,
        users,
        lifetimes,
        records,
        knobs,
        keys,
        cookieKeys,
        fetch: send,
      }),
    );
    provider.use(async (ctx, next) => {
      await next();
      const body: unknown = ctx.body;
      if (typeof body !== 'object' || body === null || !('id_token' in body) || typeof body.id_token !== 'string') return;
      ctx.body = { ...body, id_token: await shift(body.id_token) };
    });
    // The types know the library's own events only, not Koa's.
    const events: EventEmitter = provider;
    events.on('error', (reason: unknown) => onProblem(asError(reason)));
    provider.on('server_error', (_ctx, reason) => onProblem(reason));
    provider.on('backchannel.error', (_ctx, reason, client) =>
      onProblem(new Error(`client ${client.clientId} did not take the logout token: ${reason.message}`)),
    );
    return provider;
  };

  let current: Provider | null = null;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const provider = current;
    if (provider === null) {
      response.writeHead(503).end();
      return;
    }
    const answered = isInteraction(request)
      ? answerInteraction(request, response, { provider, users, knobs })
      : provider.callback()(request, response);
    Promise.resolve(answered).catch((reason: unknown) => {
      onProblem(asError(reason));
      response.destroy();
    });
  };
  const server = await startLoopbackServer(answer, options.port, options.tls);
  const issuer = server.url;
  let provider = build(issuer);
  current = provider;

  return {
    issuer,
    knobs,
    rotateSigningKey: async ({ keepOld = true } = {}) => {
      const key = await generateSigningKey('RS256');
      keys = keepOld ? [key, ...keys] : [key];
      // The library reads its keys once; another one over the same records is the same provider with other keys.
      provider = build(issuer);
      current = provider;
      return key.kid;
    },
    revokeSessions: (username) => revokeSessions(username, users, records, provider),
    close: () => server.close(),
  };
}

async function revokeSessions(
  username: string,
  users: readonly Identity[],
  records: Records,
  provider: Provider,
): Promise<RevokedSessions> {
  const identity = users.find((user) => user.username === username);
  if (identity === undefined) throw new Error(`no user is called ${username}; there are ${users.map((u) => u.username).join(', ')}`);
  const sessions = records.sessionsOf(identity.subject);
  for (const session of sessions) records.endSession(session);
  const notified: string[] = [];
  const failed: { clientId: string; reason: string }[] = [];
  for (const { clientId, sid } of sessions.flatMap((session) => session.clients)) {
    const client = await provider.Client.find(clientId);
    if (client?.backchannelLogoutUri === undefined) continue;
    // What the library itself calls at a logout; its types do not name it.
    const logout: unknown = Reflect.get(client, 'backchannelLogout');
    if (typeof logout !== 'function') throw new Error('this version of oidc-provider sends no logout tokens');
    try {
      await Reflect.apply(logout, client, [identity.subject, sid]);
      notified.push(clientId);
    } catch (reason) {
      failed.push({ clientId, reason: asError(reason).message });
    }
  }
  return { sessions: sessions.length, notified, failed };
}
