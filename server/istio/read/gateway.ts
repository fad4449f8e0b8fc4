// Reads networking.istio.io Gateway. In: ConfigObject. Out: GatewayView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';

export type GatewayTlsMode = 'PASSTHROUGH' | 'SIMPLE' | 'MUTUAL' | 'OPTIONAL_MUTUAL' | 'ISTIO_MUTUAL' | 'AUTO_PASSTHROUGH';
const TLS_MODES: readonly string[] = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'];
const isTlsMode = (mode: string): mode is GatewayTlsMode => TLS_MODES.includes(mode);

export interface GatewayServerView {
  readonly pointer: ConfigPointer;
  readonly port: number;
  readonly portName: string;
  /** Upper case: HTTP, HTTPS, GRPC, HTTP2, TCP, TLS, MONGO... */
  readonly protocol: string;
  /** `host` or `ns/host`; `.` and `*` namespaces are resolved. */
  readonly hosts: readonly string[];
  readonly bind: string | null;
  readonly tls: { readonly mode: GatewayTlsMode; readonly httpsRedirect: boolean; readonly credentialName: string | null } | null;
}

export interface GatewayView {
  readonly object: ConfigObject;
  /** Labels of the pods that it configures, in every namespace. */
  readonly selector: Labels;
  readonly servers: readonly GatewayServerView[];
  readonly notes: readonly string[];
}

export const readGateway: (object: ConfigObject) => GatewayView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  return {
    object,
    selector: spec.labels('selector'),
    servers: spec.objects('servers').flatMap((server) => readServer(object, server)),
    notes: spec.notes,
  };
});

function readServer(object: ConfigObject, server: Fields): GatewayServerView[] {
  const port = server.object('port');
  const number = port?.number('number') ?? null;
  if (port === null || number === null) return [];
  const tls = server.object('tls');
  const mode = tls?.text('mode') ?? 'PASSTHROUGH';
  return [
    {
      pointer: pointerTo(object, server.path),
      port: number,
      portName: port.text('name') ?? '',
      protocol: (port.text('protocol') ?? '').toUpperCase(),
      hosts: resolveServerHosts(server.texts('hosts'), object.namespace),
      bind: server.text('bind') || null,
      tls:
        tls === null
          ? null
          : {
              // The first value of the enum, PASSTHROUGH, is the default of an absent mode.
              mode: isTlsMode(mode) ? mode : 'PASSTHROUGH',
              httpsRedirect: tls.flag('httpsRedirect') ?? false,
              credentialName: tls.text('credentialName') || null,
            },
    },
  ];
}

/** `./host` becomes `ns/host`, `* /host` becomes `host` (istio pilot gateway.go sanitizeServerHostNamespace). */
function resolveServerHosts(hosts: readonly string[], namespace: string): readonly string[] {
  return hosts.map((entry) => {
    const host = entry.toLowerCase();
    const slash = host.indexOf('/');
    if (slash < 0) return host;
    const owner = host.slice(0, slash);
    const name = host.slice(slash + 1);
    return owner === '*' ? name : `${owner === '.' ? namespace : owner}/${name}`;
  });
}
