// The rules in the order in which they are asked. In: nothing. Out: RULES. One rule a file in `rules`; each says what it reads.
import type { Rule } from './rule';
import { ambient } from './rules/ambient';
import { apiRoute } from './rules/api-route';
import { authorizationPolicy } from './rules/authorization-policy';
import { delegate } from './rules/delegate';
import { deprecated } from './rules/deprecated';
import { destinationPort } from './rules/destination-port';
import { destinationRuleConflict } from './rules/destination-rule-conflict';
import { destinationRuleHost } from './rules/destination-rule-host';
import { destinationRuleTls } from './rules/destination-rule-tls';
import { emptySubset } from './rules/empty-subset';
import { exportTo } from './rules/export-to';
import { gatewayConflict } from './rules/gateway-conflict';
import { gatewayCredential } from './rules/gateway-credential';
import { gatewayHosts } from './rules/gateway-hosts';
import { gatewayWorkload } from './rules/gateway-workload';
import { ingressSubsets } from './rules/ingress-subsets';
import { jwtClaims } from './rules/jwt-claims';
import { k8sGateway } from './rules/k8s-gateway';
import { missingGateway } from './rules/missing-gateway';
import { missingHost } from './rules/missing-host';
import { missingSubset } from './rules/missing-subset';
import { noReadyPods } from './rules/no-ready-pods';
import { policySelector } from './rules/policy-selector';
import { portProtocol } from './rules/port-protocol';
import { ruleBehaviour } from './rules/rule-behaviour';
import { schema } from './rules/schema';
import { serviceEntry } from './rules/service-entry';
import { serviceEntryForm } from './rules/service-entry-form';
import { sidecar } from './rules/sidecar';
import { status } from './rules/status';
import { suppression } from './rules/suppression';
import { tlsVerification } from './rules/tls-verification';
import { unreachableRule } from './rules/unreachable-rule';
import { virtualServiceConflict } from './rules/virtual-service-conflict';
import { virtualServiceForm } from './rules/virtual-service-form';
import { weights } from './rules/weights';

export const RULES: readonly Rule[] = [
  // The object by itself.
  schema,
  virtualServiceForm,
  serviceEntryForm,
  deprecated,
  ruleBehaviour,
  weights,
  unreachableRule,
  tlsVerification,
  status,
  suppression,
  // What it refers to.
  missingHost,
  missingSubset,
  destinationPort,
  noReadyPods,
  missingGateway,
  gatewayHosts,
  delegate,
  portProtocol,
  jwtClaims,
  exportTo,
  emptySubset,
  destinationRuleHost,
  apiRoute,
  k8sGateway,
  gatewayWorkload,
  gatewayCredential,
  sidecar,
  authorizationPolicy,
  policySelector,
  ambient,
  // What stands beside it.
  virtualServiceConflict,
  ingressSubsets,
  destinationRuleConflict,
  destinationRuleTls,
  gatewayConflict,
  serviceEntry,
];
