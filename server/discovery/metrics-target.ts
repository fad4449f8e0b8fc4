// Addresses at which a Prometheus may be: a Service by its name inside the cluster, by the API server's proxy outside of it, or this machine.
// In: a Service, the connection to the API server. Out: MetricsTarget. Pure.
import type { Credentials } from '../kubernetes/connection';
import type { PrometheusService } from './prometheus-services';

export interface MetricsTarget {
  /** Address of the API, with its path prefix. */
  readonly url: string;
  /** For logs and failures: `Service prometheus of istio-system, through the API server`. */
  readonly words: string;
  /** What the API server wants; null where Prometheus is asked directly, by the credentials of the settings. */
  readonly credentials: Credentials | null;
}

export const LOCAL_TARGET: MetricsTarget = { url: 'http://localhost:9090', words: 'http://localhost:9090', credentials: null };

/** Within the cluster (docs/concepts/services-networking/dns-pod-service). */
export const buildDirectTarget = ({ namespace, name, port, https }: PrometheusService): MetricsTarget => ({
  url: `${https ? 'https' : 'http'}://${name}.${namespace}.svc:${port}`,
  words: `Service ${name} of ${namespace}`,
  credentials: null,
});

/** From anywhere (docs/tasks/access-application-cluster/access-cluster-services, "Manually constructing apiserver proxy URLs"). */
export const buildProxiedTarget = (
  { namespace, name, port, https }: PrometheusService,
  server: string,
  credentials: Credentials,
): MetricsTarget => ({
  url: `${server}/api/v1/namespaces/${namespace}/services/${https ? 'https:' : ''}${name}:${port}/proxy`,
  words: `Service ${name} of ${namespace}, through the API server`,
  credentials,
});
