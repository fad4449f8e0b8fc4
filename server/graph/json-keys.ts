// The constant pieces of a graph's JSON, as bytes. In: nothing. Out: keys and frequent values of nodes, edges, boxes.
import { jsonBytes } from './json-bytes';

export const KEY = {
  id: jsonBytes('{"id":'),
  kind: jsonBytes(',"kind":'),
  cluster: jsonBytes(',"cluster":'),
  namespace: jsonBytes(',"namespace":'),
  parent: jsonBytes(',"parent":'),
  label: jsonBytes(',"label":'),
  app: jsonBytes(',"app":'),
  requestReason: {
    inbound: {
      http: jsonBytes('{"kind":"requests","direction":"inbound","protocol":"http","code":'),
      grpc: jsonBytes('{"kind":"requests","direction":"inbound","protocol":"grpc","code":'),
    },
    outbound: {
      http: jsonBytes('{"kind":"requests","direction":"outbound","protocol":"http","code":'),
      grpc: jsonBytes('{"kind":"requests","direction":"outbound","protocol":"grpc","code":'),
    },
  },
  errorPercent: jsonBytes(',"errorPercent":'),
  degradedPercent: jsonBytes(',"degradedPercent":'),
  failurePercent: jsonBytes(',"failurePercent":'),
  outbound: jsonBytes(',"outbound":'),
  health: jsonBytes(',"health":'),
  noExplanation: jsonBytes(',"explanation":null'),
  explanation: jsonBytes(',"explanation":'),
  noExplanationOneMember: jsonBytes(',"explanation":null,"members":1}'),
  members: jsonBytes(',"members":'),
  noTraffic: jsonBytes('{"http":0,"httpErrors":0,"grpc":0,"grpcErrors":0,"tcpBytes":0}'),
  httpOnly: jsonBytes(',"grpc":0,"grpcErrors":0,"tcpBytes":0}'),
  http: jsonBytes('{"http":'),
  httpErrors: jsonBytes(',"httpErrors":'),
  grpc: jsonBytes(',"grpc":'),
  grpcErrors: jsonBytes(',"grpcErrors":'),
  tcpBytes: jsonBytes(',"tcpBytes":'),
  noErrorsNoBytes: jsonBytes(',"errorsPerSecond":0,"sentBytesPerSecond":0,"receivedBytesPerSecond":0'),
  errors: jsonBytes(',"errorsPerSecond":'),
  sent: jsonBytes(',"sentBytesPerSecond":'),
  received: jsonBytes(',"receivedBytesPerSecond":'),
  noLatency: jsonBytes(',"latency":null'),
  noLatencyNoPayload: jsonBytes(',"latency":null,"requestBytesPerSecond":null,"responseBytesPerSecond":null,"mtlsShare":'),
  average: jsonBytes(',"latency":{"averageMs":'),
  p50: jsonBytes(',"p50Ms":'),
  p95: jsonBytes(',"p95Ms":'),
  p99: jsonBytes(',"p99Ms":'),
  requestBytes: jsonBytes(',"requestBytesPerSecond":'),
  responseBytes: jsonBytes(',"responseBytesPerSecond":'),
  mtls: jsonBytes(',"mtlsShare":'),
  nodes: jsonBytes(',"nodes":['),
  boxes: jsonBytes('],"boxes":['),
  edges: jsonBytes('],"edges":['),
};
export const EDGE_HEALTH = {
  failure: jsonBytes(',"health":"failure"'),
  degraded: jsonBytes(',"health":"degraded"'),
  notReady: jsonBytes(',"health":"notReady"'),
  healthy: jsonBytes(',"health":"healthy"'),
  na: jsonBytes(',"health":"na"'),
};
export const STATUS = {
  failure: jsonBytes('{"status":"failure","reasons":['),
  degraded: jsonBytes('{"status":"degraded","reasons":['),
  notReady: jsonBytes('{"status":"notReady","reasons":['),
  healthy: jsonBytes('{"status":"healthy","reasons":['),
  na: jsonBytes('{"status":"na","reasons":['),
};
export const END_STATUS = {
  failure: jsonBytes(',"status":"failure"}'),
  degraded: jsonBytes(',"status":"degraded"}'),
  notReady: jsonBytes(',"status":"notReady"}'),
  healthy: jsonBytes(',"status":"healthy"}'),
  na: jsonBytes(',"status":"na"}'),
};
export const PLAIN_HEALTH = {
  failure: jsonBytes('{"status":"failure","reasons":[]}'),
  degraded: jsonBytes('{"status":"degraded","reasons":[]}'),
  notReady: jsonBytes('{"status":"notReady","reasons":[]}'),
  healthy: jsonBytes('{"status":"healthy","reasons":[]}'),
  na: jsonBytes('{"status":"na","reasons":[]}'),
};
