// Where a request comes from and under which public address it reached the console; X-Forwarded-* count only from trusted proxies.
// In: settings, requests. Out: Place. The public address always comes from the settings, never from a header.
import { BlockList, isIP } from 'node:net';
import { Failure } from '../../model/failure';
import { PEER_HEADER, plainAddress } from '../peer';
import type { AuthSettings } from './auth-settings';
import type { InboundRequest } from './inbound';

/** A request's place: who sent it and which of the console's addresses it was sent to. */
export interface Place {
  /** Address of the browser as far as trusted proxies tell it; `unknown` where the server does not tell the connection's. */
  readonly address: string;
  /** The public address that the request was sent to, else the first: without a slash at its end. */
  readonly publicUrl: string;
  /** Whether the request's host is that of `publicUrl`. */
  readonly isAtPublicUrl: boolean;
  /** Whether browsers reach `publicUrl` by https. */
  readonly isSecure: boolean;
  /** `host:port` as the browser wrote it. */
  readonly host: string;
}

export interface AddressBook {
  placeOf(request: Pick<InboundRequest, 'headers'>): Place;
  /** Whether an `Origin` is one of ours. */
  isOwnOrigin(origin: string, place: Place): boolean;
  /** Every public address. */
  readonly publicUrls: readonly string[];
}

export const CALLBACK_PATH = '/api/auth/callback';

const plain = (address: string): string => plainAddress(address.trim().replace(/^\[|\]$/g, ''));
const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Members of a list of addresses and CIDR ranges. @throws Failure badRequest naming the entry that is neither */
export function buildProxyList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [range = '', bits] = entry.split('/');
    const address = plain(range);
    const widest = family(address) === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) === 0 || prefix < 0 || prefix > widest || entry.split('/').length > 2)
      throw new Failure(
        'badRequest',
        `server.trustedProxies names ${JSON.stringify(entry.slice(0, 80))}, which is neither an address nor a CIDR range`,
        'Write it as 10.0.0.0/8 or 10.1.2.3.',
      );
    list.addSubnet(address, prefix, family(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, family(address));
}

/** `address:port`, `[v6]:port` or a bare address, as proxies write them. */
function addressIn(entry: string): string | null {
  const text = entry.trim();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  const bare = plain(bracketed ?? (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text));
  return isIP(bare) === 0 ? null : bare;
}

const first = (header: string | null): string | null => header?.split(',')[0]?.trim() ?? null;
/** Names that no stranger's DNS can point at this machine (as a rebinding attack would), and addresses themselves. */
const isUnrebindable = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;

/** The book of one console. @throws Failure badRequest for a proxy that is no address */
export function createAddressBook(
  settings: Pick<AuthSettings, 'publicUrls' | 'basePath' | 'port' | 'servesTls' | 'trustedProxies'>,
): AddressBook {
  const isTrusted = buildProxyList(settings.trustedProxies);
  const urls =
    settings.publicUrls.length > 0
      ? settings.publicUrls.map((url) => url.replace(/\/+$/, ''))
      : [`${settings.servesTls ? 'https' : 'http'}://localhost:${settings.port}${settings.basePath}`];
  const known = urls.map((url) => ({ url, parsed: new URL(url) }));
  const usual = known[0] ?? { url: '', parsed: new URL('http://localhost') };
  const origins = new Set(known.map(({ parsed }) => parsed.origin));

  function placeOf({ headers }: Pick<InboundRequest, 'headers'>): Place {
    const peerText = headers.get(PEER_HEADER);
    const peer = peerText === null ? null : addressIn(peerText);
    const isForwarded = peer !== null && isTrusted(peer);
    let address = peer ?? 'unknown';
    if (isForwarded) {
      // From the nearest to the farthest: the first that is no proxy of ours is the browser; what stands before it anybody may have written.
      const hops = (headers.get('x-forwarded-for') ?? '').split(',').reverse();
      for (const hop of hops) {
        const found = addressIn(hop);
        if (found === null) break;
        address = found;
        if (!isTrusted(found)) break;
      }
    }
    const host = ((isForwarded ? first(headers.get('x-forwarded-host')) : null) ?? headers.get('host') ?? '').toLowerCase();
    const protocol = isForwarded ? first(headers.get('x-forwarded-proto'))?.toLowerCase() : undefined;
    const matching = known.filter(({ parsed }) => parsed.host === host);
    const chosen = matching.find(({ parsed }) => parsed.protocol === `${protocol ?? ''}:`) ?? matching[0] ?? usual;
    return {
      address,
      publicUrl: chosen.url,
      isAtPublicUrl: matching.length > 0,
      isSecure: chosen.parsed.protocol === 'https:',
      host,
    };
  }

  function isOwnOrigin(origin: string, place: Place): boolean {
    if (origins.has(origin)) return true;
    // A port-forward or a bare address: the page was loaded from the very host that it now asks.
    let parsed: URL;
    try {
      parsed = new URL(origin);
    } catch {
      return false;
    }
    return parsed.origin === origin && parsed.host === place.host && isUnrebindable(parsed.hostname);
  }

  return { placeOf, isOwnOrigin, publicUrls: urls };
}
