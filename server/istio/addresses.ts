// IP addresses and CIDR blocks (v4 and v6), without I/O. In: text. Out: membership; text that is no address is in no block.

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function decodeV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function decodeV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const tail = last?.at(-1);
  if (last !== undefined && tail?.includes('.')) {
    // An IPv4 address may end an IPv6 one (::ffff:10.0.0.1).
    const v4 = decodeV4(tail);
    if (v4 === null) return null;
    last.splice(-1, 1, (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16));
  }
  const [head = [], rest = []] = groups;
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  let value = 0n;
  for (const group of [...head, ...Array.from({ length: missing }, () => '0'), ...rest]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

function decodeAddress(text: string): Address | null {
  const v4 = decodeV4(text);
  if (v4 !== null) return { bits: 32, value: v4 };
  const v6 = text.includes(':') ? decodeV6(text) : null;
  return v6 === null ? null : { bits: 128, value: v6 };
}

/** True for an IPv4 or IPv6 address. */
export const isAddress = (text: string): boolean => decodeAddress(text) !== null;

/** True when the address lies in the block (`10.0.0.0/8`, or a single address). */
export function isInBlock(address: string, block: string): boolean {
  const [base = '', length] = block.split('/');
  const inner = decodeAddress(address);
  const outer = decodeAddress(base);
  if (inner === null || outer === null || inner.bits !== outer.bits) return false;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return false;
  const prefix = length === undefined ? outer.bits : Number(length);
  if (prefix > outer.bits) return false;
  const shift = BigInt(outer.bits - prefix);
  return inner.value >> shift === outer.value >> shift;
}

/** Length of the prefix of a block, 32 or 128 for a single address; null where the block is not readable. */
export function prefixLengthOf(block: string): number | null {
  const [base = '', length] = block.split('/');
  const address = decodeAddress(base);
  if (address === null) return null;
  if (length === undefined) return address.bits;
  return /^\d{1,3}$/.test(length) && Number(length) <= address.bits ? Number(length) : null;
}
