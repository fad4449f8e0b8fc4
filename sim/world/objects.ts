// Builders of Kubernetes objects in the few shapes that the worlds need. In: names and ports. Out: KubeObject with a stable uid and age.
import type { KubeObject } from '../kubernetes/object';
import { uuidOf } from './random';

/** Seed (for uids) and age of the objects that are built. */
export interface Stamp {
  readonly seed: number;
  readonly createdAtMs: number;
}

type Labels = Readonly<Record<string, string>>;

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Any object; `body` holds spec and the like. */
export function buildObject(
  stamp: Stamp,
  apiVersion: string,
  kind: string,
  where: { readonly namespace?: string; readonly name: string; readonly labels?: Labels; readonly annotations?: Labels },
  body: Readonly<Record<string, unknown>>,
): KubeObject {
  const { namespace, name, labels, annotations } = where;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: uuidOf(`${stamp.seed}/${apiVersion}/${kind}/${namespace ?? ''}/${name}`),
      creationTimestamp: timeText(stamp.createdAtMs),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...('spec' in body ? { generation: 1 } : {}),
    },
    ...body,
  };
}

/** A Namespace; every one carries the label that the API server sets itself. */
export const buildNamespace = (stamp: Stamp, name: string, labels: Labels = {}): KubeObject =>
  buildObject(
    stamp,
    'v1',
    'Namespace',
    { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  );

export const buildServiceAccount = (stamp: Stamp, namespace: string, name: string, labels: Labels = {}): KubeObject =>
  buildObject(stamp, 'v1', 'ServiceAccount', { namespace, name, labels }, {});

export interface PortSpec {
  readonly name: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

export interface ServiceSpec {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly PortSpec[];
  readonly selector: Labels;
  readonly labels?: Labels;
  readonly type?: 'ClusterIP' | 'LoadBalancer';
}

/** Addresses given by hash; a cluster of some thousand services has few enough clashes, and nothing here routes by ClusterIP. */
const clusterIp = (text: string): string => {
  const id = uuidOf(text);
  return `10.96.${Number.parseInt(id.slice(0, 2), 16)}.${1 + (Number.parseInt(id.slice(2, 4), 16) % 254)}`;
};

export function buildService(stamp: Stamp, spec: ServiceSpec): KubeObject {
  const ip = clusterIp(`${stamp.seed}/${spec.namespace}/${spec.name}`);
  const type = spec.type ?? 'ClusterIP';
  const balanced = type === 'LoadBalancer';
  return buildObject(
    stamp,
    'v1',
    'Service',
    { namespace: spec.namespace, name: spec.name, labels: spec.labels ?? { app: spec.name } },
    {
      spec: {
        type,
        clusterIP: ip,
        clusterIPs: [ip],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
        selector: spec.selector,
        ports: spec.ports.map((p, i) => ({
          name: p.name,
          port: p.port,
          targetPort: p.targetPort ?? p.port,
          protocol: 'TCP',
          ...(p.appProtocol === undefined ? {} : { appProtocol: p.appProtocol }),
          ...(balanced
            ? { nodePort: 30000 + ((p.port * 7 + i * 131 + (Number.parseInt(uuidOf(spec.name).slice(0, 3), 16) % 700)) % 2767) }
            : {}),
        })),
        ...(balanced ? { externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true } : {}),
      },
      status: balanced ? { loadBalancer: { ingress: [{ ip: `203.0.113.${10 + (spec.name.length % 200)}` }] } } : { loadBalancer: {} },
    },
  );
}

export interface WorkloadSpec {
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods and the selector's base. */
  readonly labels: Labels;
  readonly replicas: number;
  readonly container: string;
  readonly image: string;
  readonly ports: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly serviceAccount: string;
  readonly annotations?: Labels;
  readonly podLabels?: Labels;
  readonly podAnnotations?: Labels;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly args?: readonly string[];
  /** Labels of the Deployment itself, where they differ. */
  readonly ownLabels?: Labels;
}

/** A Deployment as its author would write it, defaulted as the API server does. */
export function buildDeployment(stamp: Stamp, spec: WorkloadSpec): KubeObject {
  return buildObject(
    stamp,
    'apps/v1',
    'Deployment',
    {
      namespace: spec.namespace,
      name: spec.name,
      labels: spec.ownLabels ?? spec.labels,
      annotations: { 'deployment.kubernetes.io/revision': '1', ...spec.annotations },
    },
    {
      spec: {
        replicas: spec.replicas,
        selector: { matchLabels: spec.labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: {
          metadata: { labels: { ...spec.labels, ...spec.podLabels }, ...(spec.podAnnotations ? { annotations: spec.podAnnotations } : {}) },
          spec: {
            serviceAccountName: spec.serviceAccount,
            containers: [
              {
                name: spec.container,
                image: spec.image,
                imagePullPolicy: 'IfNotPresent',
                ...(spec.args ? { args: spec.args } : {}),
                ...(spec.env ? { env: spec.env } : {}),
                ports: spec.ports.map((p) => ({
                  ...(p.name === undefined ? {} : { name: p.name }),
                  containerPort: p.containerPort,
                  protocol: 'TCP',
                })),
                resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
              },
            ],
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            terminationGracePeriodSeconds: 30,
            schedulerName: 'default-scheduler',
            securityContext: {},
          },
        },
      },
      status: {},
    },
  );
}

const GROUPS: Readonly<Record<string, string>> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Gateway: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
};

/** An Istio object at its storage version. @throws on a kind that is not listed here. */
export function buildIstio(
  stamp: Stamp,
  kind: string,
  namespace: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  const apiVersion = GROUPS[kind];
  if (apiVersion === undefined) throw new Error(`no apiVersion known for ${kind}`);
  return buildObject(stamp, apiVersion, kind, { namespace, name }, { spec });
}
