// Hosts that are addresses instead of names. In: a host as a proxy saw it. Out: whether, and which address. Pure.

/** True for IPv4 and IPv6 addresses, with or without a port. */
export const isAddress = (host: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/.test(host) || /^\[?[0-9a-fA-F]*:[0-9a-fA-F:.]*\]?(?::\d{1,5})?$/.test(host);

/** `10.0.0.1` of `10.0.0.1:80`, `fd00::1` of `[fd00::1]:80`. */
export const bareAddress = (host: string): string =>
  host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, '$1');
