// Faults for tests of clients: what a bad day of an API server looks like, switched on and off while it runs.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { StatusError } from '../status-error';

export type FaultAction =
  /** A Status with this code, e.g. 503 or 429 (with Retry-After). */
  | { readonly kind: 'status'; readonly code: number; readonly retryAfterSeconds?: number }
  /** A proxy's page instead of an answer. */
  | { readonly kind: 'html'; readonly code: number }
  /** The connection is cut before an answer. */
  | { readonly kind: 'hang-up' }
  /** The request is taken and never answered. */
  | { readonly kind: 'silence' }
  /** The answer breaks off after half its body. */
  | { readonly kind: 'half-body' }
  /** The answer comes late. */
  | { readonly kind: 'delay'; readonly delayMs: number };

export interface FaultRule {
  readonly action: FaultAction;
  /** How many requests it strikes before it is used up; all, where absent. */
  readonly times?: number;
  /** Which requests it strikes; all, where absent. */
  readonly matches?: (request: { readonly method: string; readonly path: string; readonly query: URLSearchParams }) => boolean;
}

export interface FaultOptions {
  readonly rules?: readonly FaultRule[];
  /** Every watch is cut after this long. */
  readonly cutWatchesAfterMs?: number;
}

/** The switchboard: tests change it, the server asks it. */
export class Faults {
  #rules: { rule: FaultRule; left: number }[] = [];
  readonly #openWatches = new Set<() => void>();
  readonly #expire: () => void;
  cutWatchesAfterMs: number | undefined;

  constructor(options: FaultOptions, expire: () => void) {
    this.#expire = expire;
    this.cutWatchesAfterMs = options.cutWatchesAfterMs;
    for (const rule of options.rules ?? []) this.add(rule);
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** Takes all rules away. */
  clear(): void {
    this.#rules = [];
    this.cutWatchesAfterMs = undefined;
  }

  /** Cuts the connection of every open watch now. */
  cutWatches(): void {
    for (const cut of [...this.#openWatches]) cut();
  }

  /** Makes every resourceVersion and continue token handed out so far too old (410). */
  expireResourceVersions(): void {
    this.#expire();
  }

  /** For the server: keeps how to cut a watch until it ends by itself. */
  trackWatch(cut: () => void): () => void {
    this.#openWatches.add(cut);
    return () => {
      this.#openWatches.delete(cut);
    };
  }

  /** For the server: the fault that strikes this request, counted as used. */
  take(method: string, path: string, query: URLSearchParams): FaultAction | undefined {
    const found = this.#rules.find(({ rule, left }) => left > 0 && (rule.matches?.({ method, path, query }) ?? true));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.action;
  }
}

/** Plays a fault; true where the request needs no other answer. Throws the StatusError of a status fault. */
export async function playFault(action: FaultAction, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (action.kind) {
    case 'status': {
      const { code, retryAfterSeconds } = action;
      const reason = code === 429 ? 'TooManyRequests' : code === 503 ? 'ServiceUnavailable' : code === 500 ? 'InternalError' : 'Unknown';
      const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
      throw new StatusError(code, reason, `the server is currently unable to handle the request (injected ${code})`, details);
    }
    case 'html':
      response.writeHead(action.code, { 'content-type': 'text/html' });
      response.end(`<html><head><title>${action.code}</title></head><body><h1>upstream error</h1></body></html>`);
      return true;
    case 'hang-up':
      request.socket.destroy();
      return true;
    case 'silence':
      return true;
    case 'half-body':
      cutBodyInHalf(response);
      return false;
    case 'delay':
      await delay(action.delayMs);
      return false;
  }
}

function cutBodyInHalf(response: ServerResponse): void {
  const write = response.write.bind(response);
  response.end = (chunk?: unknown): ServerResponse => {
    const body = Buffer.isBuffer(chunk) ? chunk : Buffer.from(typeof chunk === 'string' ? chunk : '');
    write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
    return response;
  };
}
