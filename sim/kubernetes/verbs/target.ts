// What a verb works on: the kind at a version, the names from the path, who asks and with which options.
import type { User } from '../access/user';
import type { Kind } from '../kinds/kind';
import { invalid, type QualifiedResource } from '../status-error';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface Target {
  readonly kind: Kind;
  /** The API version of the request. */
  readonly version: string;
  /** Undefined for cluster-scoped kinds and for all namespaces. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
  readonly user: User;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  /** Collects Warning headers. */
  readonly warn: (text: string) => void;
}

export const resourceOf = (target: Target): QualifiedResource => ({ group: target.kind.group, plural: target.kind.plural });

/** The fieldValidation option; Warn where it is not given. Throws 422 for any other word. */
export function readFieldValidation({ query }: Target): FieldValidation {
  const value = query.get('fieldValidation') ?? '';
  if (value === '') return 'Warn';
  if (value === 'Ignore' || value === 'Warn' || value === 'Strict') return value;
  throw unsupportedOption('fieldValidation', value, '"", "Ignore", "Strict", "Warn"');
}

/** True for dryRun=All. Throws 422 for any other word. */
export function readDryRun({ query }: Target): boolean {
  const value = query.get('dryRun') ?? '';
  if (value === '' || value === 'All') return value === 'All';
  throw unsupportedOption('dryRun', value, '"All"');
}

function unsupportedOption(field: string, value: string, supported: string): Error {
  const message = `Unsupported value: "${value}": supported values: ${supported}`;
  return invalid('meta.k8s.io', 'Options', '', [{ reason: 'FieldValueNotSupported', message, field }]);
}

/** Who a write is recorded as: the fieldManager option, else the client's name from its User-Agent (managedfields.prefixFromUserAgent). */
export function readFieldManager({ query, userAgent }: Target): string {
  const manager = query.get('fieldManager') ?? '';
  return manager === '' ? (userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown' : manager;
}
