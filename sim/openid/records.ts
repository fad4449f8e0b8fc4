// Everything the provider remembers (sessions, grants, codes, tokens), in memory; it outlives an exchange of the signing key.
// In: a clock. Out: adapters for oidc-provider, and the sessions of a user. Lifetimes are told by the given clock, whatever the system's says.
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Stored {
  payload: AdapterPayload;
  /** By the given clock; Infinity: never. */
  readonly expiresAtMs: number;
  /** System's clock minus the given one when it was stored. */
  readonly offsetMs: number;
}

export interface StoredSession {
  readonly id: string;
  readonly accountId: string;
  readonly clients: readonly { readonly clientId: string; readonly sid: string | undefined; readonly grantId: string | undefined }[];
}

// What an expired token was is still told for a while: the library then says "expired" instead of "not found".
const REMEMBERED_MS = 10 * 60_000;

// What dies with its grant. A login page under way (Interaction) names the grant, too, but goes on.
const GRANTED = ['AccessToken', 'AuthorizationCode', 'RefreshToken'];

export class Records {
  private readonly stored = new Map<string, Stored>();
  private readonly now: () => number;

  /** @param now ms since the epoch */
  constructor(now: () => number) {
    this.now = now;
  }

  /** The adapter of one model, as oidc-provider asks for it. */
  readonly adapter = (model: string): Adapter => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const findBy = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
      for (const [key, { payload }] of this.stored) if (key.startsWith(`${model}:`) && matches(payload)) return this.read(key);
      return undefined;
    };
    return {
      upsert: (id, payload, expiresIn) => {
        this.forgetExpired();
        const now = this.now();
        this.stored.set(keyOf(id), {
          payload: structuredClone(payload),
          expiresAtMs: expiresIn === undefined ? Number.POSITIVE_INFINITY : now + expiresIn * 1000,
          offsetMs: Date.now() - now,
        });
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(this.read(keyOf(id))),
      findByUid: (uid) => Promise.resolve(findBy((payload) => payload.uid === uid)),
      findByUserCode: (code) => Promise.resolve(findBy((payload) => payload.userCode === code)),
      consume: (id) => {
        const found = this.stored.get(keyOf(id));
        if (found !== undefined) found.payload = { ...found.payload, consumed: Math.floor(Date.now() / 1000) };
        return Promise.resolve();
      },
      destroy: (id) => {
        this.stored.delete(keyOf(id));
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        this.revokeGrant(grantId);
        return Promise.resolve();
      },
    };
  };

  /** Sessions in which somebody is logged in and that have not expired. */
  sessionsOf(accountId: string): readonly StoredSession[] {
    return [...this.stored].flatMap(([key, { payload, expiresAtMs }]) => {
      if (!key.startsWith('Session:') || payload.accountId !== accountId || expiresAtMs <= this.now()) return [];
      const clients = Object.entries(payload.authorizations ?? {}).map(([clientId, { sid, grantId }]) => ({ clientId, sid, grantId }));
      return [{ id: key.slice('Session:'.length), accountId, clients }];
    });
  }

  /** Ends a session and every token that came of it. */
  endSession(session: StoredSession): void {
    this.stored.delete(`Session:${session.id}`);
    for (const { grantId } of session.clients) {
      if (grantId === undefined) continue;
      this.revokeGrant(grantId);
      this.stored.delete(`Grant:${grantId}`);
    }
  }

  private revokeGrant(grantId: string): void {
    for (const [key, { payload }] of this.stored)
      if (payload.grantId === grantId && GRANTED.some((model) => key.startsWith(`${model}:`))) this.stored.delete(key);
  }

  /** The library compares `exp` with the system's clock, so it is written in that clock's terms. */
  private read(key: string): AdapterPayload | undefined {
    const found = this.stored.get(key);
    if (found === undefined) return undefined;
    const payload = structuredClone(found.payload);
    const driftSeconds = Math.round((Date.now() - this.now() - found.offsetMs) / 1000);
    if (payload.exp !== undefined) payload.exp += driftSeconds;
    return payload;
  }

  private forgetExpired(): void {
    const now = this.now();
    for (const [key, { expiresAtMs }] of this.stored) if (expiresAtMs + REMEMBERED_MS <= now) this.stored.delete(key);
  }
}
