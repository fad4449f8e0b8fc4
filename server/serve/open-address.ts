// The address that a person opens. In: where the console listens and what it is known as. Out: a URL. Pure.

/** The first public address; without one, this machine's: "0.0.0.0" and "::" are every address and none that a browser can open. */
export function encodeOpenAddress(where: {
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly https: boolean;
  readonly publicUrls: readonly string[];
}): string {
  const [known] = where.publicUrls;
  if (known !== undefined) return known;
  const local = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(where.host);
  const host = local ? 'localhost' : where.host.includes(':') ? `[${where.host}]` : where.host;
  return `${where.https ? 'https' : 'http'}://${host}:${where.port}${where.basePath === '/' ? '' : where.basePath}`;
}
