// A session: what is known of somebody who logged in, and its form as bytes. Pure. In: bytes that were sealed by us. Out: Session.
import * as v from 'valibot';
import { LOGIN_STRATEGIES, type LoginStrategy } from '../../model/account';
import { Secret } from '../secret';
import { decodeToken, encodeToken } from './token-bytes';

/** A claim as the doctor shows it: of what may be private only the name. */
export interface ShownClaim {
  readonly name: string;
  readonly value: string | null;
}

/** One session. It lives in the browser, sealed; times are ms since the epoch. */
export interface Session {
  readonly id: string;
  readonly csrfToken: string;
  readonly strategy: LoginStrategy;
  /** Fingerprint of provider and client: a session of another configuration is none. */
  readonly realm: string;
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** How many groups there were before those that matter were chosen. */
  readonly groupsTotal: number;
  readonly claims: readonly ShownClaim[];
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly endsAtMs: number;
  /** The provider's name of its own session (`sid`), for back-channel logout. */
  readonly providerSid: string | null;
  /** Counts refreshes: of two cookies of a session the higher one is newer. */
  readonly generation: number;
  readonly refreshToken: Secret | null;
  /** The token for the Kubernetes API, where the user's own is used. */
  readonly clusterToken: Secret | null;
  /** When the tokens have to be renewed; null: never. */
  readonly tokenEndsAtMs: number | null;
  /** Whether groups or the cluster's token stayed in a replica's memory, being too large for a cookie. */
  readonly isPartial: boolean;
  readonly redirectUri: string | null;
  readonly notes: readonly SessionNote[];
}

/** What the doctor should say of a session beside its values. */
export const SESSION_NOTES = [
  'groupsTrimmed',
  'groupsOverage',
  'keptInMemory',
  'refreshTokenDropped',
  'userinfoFailed',
  'emailNotVerified',
] as const;
export type SessionNote = (typeof SESSION_NOTES)[number];

const orNull = <T extends v.GenericSchema>(schema: T) => v.nullable(schema);
// Short names: they are in every cookie.
const STORED = v.object({
  v: v.literal(1),
  i: v.pipe(v.string(), v.minLength(16)),
  x: v.pipe(v.string(), v.minLength(16)),
  k: v.picklist(LOGIN_STRATEGIES),
  r: v.string(),
  u: v.string(),
  n: v.string(),
  g: v.array(v.string()),
  t: v.number(),
  c: v.array(v.tuple([v.string(), orNull(v.string())])),
  a: v.number(),
  s: v.number(),
  e: v.number(),
  p: orNull(v.string()),
  h: v.number(),
  w: orNull(v.number()),
  m: v.boolean(),
  o: orNull(v.string()),
  y: v.array(v.picklist(SESSION_NOTES)),
});

const NO_TOKEN = '';

/** The bytes to seal. */
export function encodeSession(session: Session): Uint8Array {
  const stored: v.InferInput<typeof STORED> = {
    v: 1,
    i: session.id,
    x: session.csrfToken,
    k: session.strategy,
    r: session.realm,
    u: session.subject,
    n: session.name,
    g: [...session.groups],
    t: session.groupsTotal,
    c: session.claims.map(({ name, value }) => [name, value]),
    a: session.createdAtMs,
    s: session.seenAtMs,
    e: session.endsAtMs,
    p: session.providerSid,
    h: session.generation,
    w: session.tokenEndsAtMs,
    m: session.isPartial,
    o: session.redirectUri,
    y: [...session.notes],
  };
  return Buffer.concat([
    // Text first: its groups are then found again inside of the tokens.
    Buffer.from(`${JSON.stringify(stored)}\n`, 'utf8'),
    encodeToken(session.clusterToken?.reveal() ?? NO_TOKEN),
    encodeToken(session.refreshToken?.reveal() ?? NO_TOKEN),
  ]);
}

/** The session in bytes that were opened; null when it is not one, or of another form than this version writes. */
export function decodeSession(bytes: Uint8Array): Session | null {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return null;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8'));
  } catch {
    return null;
  }
  const parsed = v.safeParse(STORED, json);
  const cluster = decodeToken(bytes, end + 1);
  const refresh = cluster === null ? null : decodeToken(bytes, cluster.end);
  if (!parsed.success || cluster === null || refresh === null) return null;
  const it = parsed.output;
  return {
    id: it.i,
    csrfToken: it.x,
    strategy: it.k,
    realm: it.r,
    subject: it.u,
    name: it.n,
    groups: it.g,
    groupsTotal: it.t,
    claims: it.c.map(([name, value]) => ({ name, value })),
    createdAtMs: it.a,
    seenAtMs: it.s,
    endsAtMs: it.e,
    providerSid: it.p,
    generation: it.h,
    refreshToken: refresh.token === NO_TOKEN ? null : new Secret(refresh.token),
    clusterToken: cluster.token === NO_TOKEN ? null : new Secret(cluster.token),
    tokenEndsAtMs: it.w,
    isPartial: it.m,
    redirectUri: it.o,
    notes: it.y,
  };
}
