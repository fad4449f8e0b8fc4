// What the parties of a call learn of it: the serving application's answers, and what the calling application gets back.
// In: endings. Out: gRPC and HTTP translations, retry conditions. Pure tables from Envoy's documents.
import type { Protocol } from '../../model/traffic';
import type { Distribution } from './distribution';
import type { Ending } from './flow';

/** An answer as the application behind the proxy sees or gives it. */
export interface Answer {
  readonly share: number;
  readonly ok: boolean;
  readonly code: string;
  readonly grpcStatus: string | null;
  readonly latency: Distribution;
}

// Envoy Grpc::Utility::httpToGrpcStatus.
const GRPC_OF_HTTP: Readonly<Record<string, string>> = {
  '400': '13',
  '401': '16',
  '403': '7',
  '404': '12',
  '429': '14',
  '502': '14',
  '503': '14',
  '504': '14',
};

/** A reply that a proxy makes itself: for gRPC it is HTTP 200 with the status in grpc-status. */
export function localReply(protocol: Protocol, status: string, flags: string): Ending {
  return protocol === 'grpc' ? { code: '200', grpcStatus: GRPC_OF_HTTP[status] ?? '2', flags } : { code: status, grpcStatus: null, flags };
}

const GRPC_CONDITIONS: Readonly<Record<string, string>> = {
  '1': 'cancelled',
  '4': 'deadline-exceeded',
  '8': 'resource-exhausted',
  '13': 'internal',
  '14': 'unavailable',
};

/** Conditions of x-envoy-retry-on that an answer from upstream meets. */
export function retryConditions(ending: Ending): readonly string[] {
  const conditions: string[] = [];
  const code = Number(ending.code);
  if (code >= 500) conditions.push('5xx');
  if (code >= 502 && code <= 504) conditions.push('gateway-error');
  if (code === 409) conditions.push('retriable-4xx');
  const grpc = ending.grpcStatus === null ? undefined : GRPC_CONDITIONS[ending.grpcStatus];
  if (grpc !== undefined) conditions.push(grpc);
  return conditions;
}

/** Whether a call ended well for the application that made it. */
export const isGood = (ending: Ending): boolean =>
  ending.grpcStatus === null ? Number(ending.code) > 0 && Number(ending.code) < 400 : ending.code === '200' && ending.grpcStatus === '0';

/** What an application answers when a call that it needs has failed. */
export function passedOn(protocol: Protocol, failed: Answer): { readonly code: string; readonly grpcStatus: string | null } {
  if (protocol === 'grpc') return { code: '200', grpcStatus: failed.grpcStatus === '14' ? '14' : '13' };
  const code = Number(failed.code);
  return { code: failed.grpcStatus === null && code >= 400 ? failed.code : '500', grpcStatus: null };
}
