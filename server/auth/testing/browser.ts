// A browser for tests: keeps cookies as RFC 6265bis says (prefixes, paths, Secure, Max-Age), sends them back. In: Set-Cookie lines. Out: requests.
import { PEER_HEADER } from '../../peer';
import type { Clock } from '../../ports';
import type { Reply } from '../desk';
import type { InboundRequest } from '../inbound';

interface Stored {
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
  readonly untilMs: number;
}

export class TestBrowser {
  readonly cookies = new Map<string, Stored>();
  readonly #clock: Clock;
  readonly #origin: string;
  /** Longest Cookie header that was sent, in bytes. */
  longest = 0;
  constructor(clock: Clock, origin: string) {
    this.#clock = clock;
    this.#origin = origin;
  }

  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const of = (key: string): string | null =>
        attributes.find((a) => a.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
      const isSecure = attributes.includes('Secure');
      const path = of('path') ?? '/';
      if (name.length + value.length > 4096) throw new Error(`a browser drops ${name}: ${name.length + value.length} bytes`);
      if (isSecure && !this.#origin.startsWith('https:')) continue;
      if (name.startsWith('__Host-') && (!isSecure || path !== '/' || of('domain') !== null))
        throw new Error(`${name} is no __Host- cookie`);
      if (name.startsWith('__Secure-') && !isSecure) throw new Error(`${name} is not Secure`);
      if (!attributes.includes('HttpOnly') || of('samesite') !== 'Lax') throw new Error(`${name} is too open`);
      const maxAge = Number(of('max-age'));
      if (maxAge <= 0) this.cookies.delete(name);
      else this.cookies.set(name, { value, path, isSecure, untilMs: this.#clock.now() + maxAge * 1000 });
    }
  }
  takeReply(reply: Reply): Reply {
    this.take(reply.setCookies);
    return reply;
  }
  header(path: string): string {
    const sent = [...this.cookies].filter(
      ([, c]) => (path === c.path || path.startsWith(c.path.replace(/\/?$/, '/'))) && c.untilMs > this.#clock.now(),
    );
    const header = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
    this.longest = Math.max(this.longest, header.length + 'Cookie: '.length);
    return header;
  }
  request(path: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}): InboundRequest {
    const url = new URL(path, this.#origin);
    const cookie = this.header(url.pathname);
    return {
      method: options.method ?? 'GET',
      // As Next tells it: neither host nor scheme of the browser.
      url: `http://0.0.0.0:8080${url.pathname}${url.search}`,
      headers: new Headers({
        host: url.host,
        [PEER_HEADER]: '203.0.113.7',
        ...(cookie === '' ? {} : { cookie }),
        ...(options.method === 'POST' ? { origin: url.origin } : {}),
        ...options.headers,
      }),
      signal: new AbortController().signal,
    };
  }
}
