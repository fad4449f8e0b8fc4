// What the applications of a world do: which operations a workload serves, how long they take, how often they fail and whom they call.
// Kubernetes objects cannot say this; everything else (where a call really goes) is decided by the objects. Types and small builders only.
import type { Protocol } from '../../model/traffic';

/** Log-normal duration; `tail` is a second log-normal that takes a share of the requests. */
export interface LatencySpec {
  readonly medianMs: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly tail?: { readonly share: number; readonly medianMs: number; readonly sigma: number };
}

/** An application's call to a host, as its source code makes it. */
export interface CallSpec {
  /** Host as the application dials it: short name, FQDN or external name. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly method: string;
  /** Path, `/package.Service/Method` for gRPC, empty for TCP. */
  readonly path: string;
  /** Calls (TCP: commands) per execution of the calling operation; may be a fraction. */
  readonly times: number;
  /** `fail`: the operation fails with it; `degrade`: the application goes on without it. */
  readonly onFailure: 'fail' | 'degrade';
  /** Timeout of the application's own client. */
  readonly timeoutMs?: number;
  /** Repetitions by the application itself after a failure. */
  readonly repeats?: number;
}

/** A failure of the application's own: `grpcStatus` for gRPC (the HTTP status stays 200), else the HTTP status. */
export interface FailureSpec {
  readonly share: number;
  readonly httpStatus: number;
  readonly grpcStatus?: number;
}

export interface OperationSpec {
  readonly protocol: Protocol;
  /** Container port. */
  readonly port: number;
  readonly method: string | null;
  /** Prefix of the path; the longest that fits takes the request. */
  readonly path: string;
  readonly status: number;
  readonly latency: LatencySpec;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly failures: readonly FailureSpec[];
  readonly calls: readonly CallSpec[];
}

export interface WorkloadBehaviour {
  readonly namespace: string;
  /** Name of the workload. */
  readonly workload: string;
  /** Value of its app label: workloads unknown by name behave as another of the same app. */
  readonly app: string;
  readonly operations: readonly OperationSpec[];
  /** Headers that the application copies from the request it serves to the calls it makes (lower case). */
  readonly forwards: readonly string[];
}

/** A host outside the cluster that answers. */
export interface ExternalHost {
  readonly host: string;
  readonly latency: LatencySpec;
  readonly failures: readonly FailureSpec[];
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Load that enters the mesh: from a workload's own pods, or from outside through a gateway. */
export interface RootLoad {
  /** Loads with the same id have the same rate, wave and bursts, and rise and fall together. */
  readonly id: string;
  readonly from:
    | { readonly kind: 'workload'; readonly namespace: string; readonly workload: string }
    /** `port` is the port of the gateway's Service that clients reach. */
    | { readonly kind: 'gateway'; readonly namespace: string; readonly workload: string; readonly port: number };
  /** Mean rate; of a `workload` load, per ready pod. */
  readonly requestsPerSecond: number;
  /** The wave that a day is, compressed: rate varies by `amplitude` (0..1) around the mean. */
  readonly wave: { readonly amplitude: number; readonly periodSeconds: number; readonly phase: number };
  /** Only active in the first `activeSeconds` of every `everySeconds`, counted from `offsetSeconds`; absent = always. */
  readonly bursts?: { readonly activeSeconds: number; readonly everySeconds: number; readonly offsetSeconds: number };
  readonly call: CallSpec;
  readonly headers: Readonly<Record<string, string>>;
}

/** A call with the usual values filled in. */
export const httpCall = (host: string, port: number, path: string, options: Partial<CallSpec> = {}): CallSpec => ({
  host,
  port,
  protocol: 'http',
  method: 'GET',
  path,
  times: 1,
  onFailure: 'fail',
  ...options,
});

export const grpcCall = (host: string, port: number, path: string, options: Partial<CallSpec> = {}): CallSpec =>
  httpCall(host, port, path, { protocol: 'grpc', method: 'POST', ...options });

export const tcpCall = (host: string, port: number, times: number, options: Partial<CallSpec> = {}): CallSpec =>
  httpCall(host, port, '', { protocol: 'tcp', method: '', times, ...options });

/** An operation with the usual values filled in. */
export const operation = (
  protocol: Protocol,
  port: number,
  path: string,
  latency: LatencySpec,
  options: Partial<OperationSpec> = {},
): OperationSpec => ({
  protocol,
  port,
  method: null,
  path,
  status: 200,
  latency,
  requestBytes: 600,
  responseBytes: 1800,
  failures: [],
  calls: [],
  ...options,
});
