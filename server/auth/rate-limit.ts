// How often one address may try to log in: a token bucket each, in bounded memory. In: Clock, addresses. Out: allowed or not.
import { isIP } from 'node:net';
import type { Clock } from '../ports';

export interface RateLimit {
  /** Takes one attempt of the address's; false when there is none left. */
  take(address: string): boolean;
}

const MAX_ADDRESSES = 10_000;

/** Whoever has one IPv6 address mostly has its whole /64. */
function bucketOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0') : [];
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** `burst` attempts at once, then one more every `refillMs`. */
export function createRateLimit(clock: Clock, burst: number, refillMs: number): RateLimit {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    take: (address) => {
      const name = bucketOf(address);
      const now = clock.now();
      const held = buckets.get(name);
      const left = held === undefined ? burst : Math.min(burst, held.left + (now - held.atMs) / refillMs);
      // Reinsertion keeps the order of use: whoever was silent longest is forgotten first, and is full again by then.
      buckets.delete(name);
      buckets.set(name, { left: left >= 1 ? left - 1 : left, atMs: now });
      if (buckets.size > MAX_ADDRESSES) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return left >= 1;
    },
  };
}
