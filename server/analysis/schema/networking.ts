// The forms of Gateway, ServiceEntry and Sidecar of networking.istio.io.
import { any, count, filled, flag, list, mapOf, object, oneOf, port, text, textMap, texts } from './shape';

const serverTls = object({
  httpsRedirect: flag,
  mode: oneOf('PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'),
  serverCertificate: text,
  privateKey: text,
  caCertificates: text,
  caCrl: text,
  caCertCredentialName: text,
  credentialName: text,
  credentialNames: texts,
  tlsCertificates: any,
  subjectAltNames: texts,
  verifyCertificateSpki: texts,
  verifyCertificateHash: texts,
  minProtocolVersion: oneOf('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'),
  maxProtocolVersion: oneOf('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'),
  cipherSuites: texts,
});

export const gatewayShape = object({
  servers: list(
    object(
      {
        port: object({ number: count, protocol: filled, name: filled, targetPort: count }, { required: ['number', 'protocol', 'name'] }),
        bind: text,
        hosts: list(filled, 1),
        tls: serverTls,
        defaultEndpoint: text,
        name: text,
      },
      { required: ['port', 'hosts'] },
    ),
  ),
  selector: textMap,
});

const selector = object({ labels: textMap });
const workloadEntry = object({
  address: text,
  ports: mapOf(port),
  labels: textMap,
  network: text,
  locality: text,
  weight: count,
  serviceAccount: text,
});

export const serviceEntryShape = object(
  {
    hosts: list(filled, 1),
    addresses: texts,
    ports: list(object({ number: port, protocol: text, name: filled, targetPort: port }, { required: ['number', 'name'] })),
    location: oneOf('MESH_EXTERNAL', 'MESH_INTERNAL'),
    resolution: oneOf('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
    endpoints: list(workloadEntry),
    workloadSelector: selector,
    exportTo: texts,
    subjectAltNames: texts,
  },
  { required: ['hosts'], exclusive: [['workloadSelector', 'endpoints']] },
);

const sidecarPort = object({ number: count, protocol: text, name: text, targetPort: count });

export const sidecarShape = object({
  workloadSelector: selector,
  ingress: list(
    object(
      {
        port: sidecarPort,
        bind: text,
        captureMode: oneOf('DEFAULT', 'IPTABLES', 'NONE'),
        defaultEndpoint: text,
        tls: serverTls,
        connectionPool: any,
      },
      { required: ['port'] },
    ),
    1,
  ),
  egress: list(
    object(
      { port: sidecarPort, bind: text, captureMode: oneOf('DEFAULT', 'IPTABLES', 'NONE'), hosts: list(filled, 1) },
      { required: ['hosts'] },
    ),
  ),
  inboundConnectionPool: any,
  outboundTrafficPolicy: object({ mode: oneOf('REGISTRY_ONLY', 'ALLOW_ANY'), egressProxy: any }),
});
