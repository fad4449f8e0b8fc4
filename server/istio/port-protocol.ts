// What a proxy speaks on a port, by the port's declaration. In: names of ports and protocols. Out: PortProtocol.
// Source: istio pkg/config/kube ConvertProtocol, pkg/config/protocol Parse.

/** `http` (HTTP/1, HTTP/2, gRPC), `tls` (opaque TLS), `tcp`, `udp`, or `auto`: found out from the first bytes. */
export type PortProtocol = 'http' | 'tls' | 'tcp' | 'udp' | 'auto';

const PROTOCOLS: Readonly<Record<string, PortProtocol>> = {
  http: 'http',
  http2: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  https: 'tls',
  tls: 'tls',
  tcp: 'tcp',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
  udp: 'udp',
  'kubernetes.io/h2c': 'http',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'tls',
};
/** SMTP, DNS, MySQL, MongoDB: the server speaks first, so that nothing can be sniffed. */
const SERVER_FIRST_PORTS: readonly number[] = [25, 53, 3306, 27017];

/** Protocol named as in a ServiceEntry or a Gateway; `auto` where the name is unknown or absent. */
export const decodeProtocol = (name: string): PortProtocol => PROTOCOLS[name.toLowerCase()] ?? 'auto';

/** Protocol of a Kubernetes service port: appProtocol, else the port's name up to the first dash. */
export function decodeServicePortProtocol(port: number, name: string, transport: string, appProtocol: string | null): PortProtocol {
  if (transport === 'UDP') return 'udp';
  const declared = (appProtocol ?? name).toLowerCase();
  if (declared.startsWith('grpc-web')) return 'http';
  const protocol = PROTOCOLS[declared] ?? PROTOCOLS[declared.split('-')[0] ?? ''];
  return protocol ?? (SERVER_FIRST_PORTS.includes(port) ? 'tcp' : 'auto');
}
