// Credentials with which a change is reverted when its user is gone: encrypted, in memory only, by the change. In: credentials. Out: Vault.
// A restart of the console loses them, which the preview says; they never reach the journal, a log or a disk.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ClusterCredential } from '../ports';
import { Secret } from '../secret';

interface Kept {
  readonly iv: Buffer;
  readonly sealed: Buffer;
  readonly tag: Buffer;
}

const CIPHER = 'aes-256-gcm';

export class Vault {
  readonly #key = randomBytes(32);
  readonly #kept = new Map<string, Kept>();

  keep(id: string, credential: ClusterCredential): void {
    const plain = credential.kind === 'token' ? { kind: 'token', token: credential.token.reveal() } : credential;
    const iv = randomBytes(12);
    const cipher = createCipheriv(CIPHER, this.#key, iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(plain), 'utf8'), cipher.final()]);
    this.#kept.set(id, { iv, sealed, tag: cipher.getAuthTag() });
  }

  /** Null where none is kept. */
  read(id: string): ClusterCredential | null {
    const kept = this.#kept.get(id);
    if (kept === undefined) return null;
    const decipher = createDecipheriv(CIPHER, this.#key, kept.iv);
    decipher.setAuthTag(kept.tag);
    // Written by `keep`, and authentic.
    const plain = JSON.parse(Buffer.concat([decipher.update(kept.sealed), decipher.final()]).toString('utf8')) as
      | { readonly kind: 'token'; readonly token: string }
      | Exclude<ClusterCredential, { readonly kind: 'token' }>;
    return plain.kind === 'token' ? { kind: 'token', token: new Secret(plain.token) } : plain;
  }

  forget(id: string): void {
    this.#kept.delete(id);
  }
}

/** When a token ends, by its own word (`exp` of a JWT); null where it does not say. Only a hint: the API server decides. */
export function tokenEndMs(credential: ClusterCredential): number | null {
  if (credential.kind !== 'token') return null;
  const [, payload] = credential.token.reveal().split('.');
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const end = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null;
    return typeof end === 'number' && Number.isFinite(end) ? end * 1000 : null;
  } catch {
    return null;
  }
}
