// MeshConfig (key `mesh` of the ConfigMap `istio`) -> the settings that change what configuration means. Pure; never throws.
// In: YAML text. Out: MeshSettings, Istio's defaults where it is silent.
import { parse } from 'yaml';
import { DEFAULT_MESH_SETTINGS, type MeshSettings } from '../../model/inventory';

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const text = (x: unknown, absent: string): string => (typeof x === 'string' && x !== '' ? x : absent);

/** Settings of one MeshConfig; unreadable YAML means the defaults. */
export function decodeMeshSettings(yaml: string | undefined, rootNamespace: string): MeshSettings {
  const standard: MeshSettings = { ...DEFAULT_MESH_SETTINGS, rootNamespace };
  if (yaml === undefined) return standard;
  let mesh: unknown;
  try {
    mesh = parse(yaml, { maxAliasCount: 100 });
  } catch {
    return standard;
  }
  if (!isRecord(mesh)) return standard;
  const outbound = isRecord(mesh['outboundTrafficPolicy']) ? mesh['outboundTrafficPolicy']['mode'] : undefined;
  const trustDomain = text(mesh['trustDomain'], standard.trustDomain);
  return {
    rootNamespace: text(mesh['rootNamespace'], rootNamespace),
    trustDomain,
    domain: standard.domain,
    autoMtls: typeof mesh['enableAutoMtls'] === 'boolean' ? mesh['enableAutoMtls'] : standard.autoMtls,
    outboundTrafficPolicy: outbound === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    pathNormalization: decodeNormalization(mesh['pathNormalization']),
    trustDomainAliases: texts(mesh['trustDomainAliases']),
    privateByDefault: {
      services: isPrivate(mesh['defaultServiceExportTo']),
      virtualServices: isPrivate(mesh['defaultVirtualServiceExportTo']),
      destinationRules: isPrivate(mesh['defaultDestinationRuleExportTo']),
    },
    defaultRetries: decodeRetries(mesh['defaultHttpRetryPolicy']),
  };
}

const texts = (x: unknown): readonly string[] => (Array.isArray(x) ? x.filter((entry) => typeof entry === 'string') : []);
/** Of these defaults only `.` and `*` are honoured, and `.` wins (istio push_context.go). */
const isPrivate = (exportTo: unknown): boolean => texts(exportTo).includes('.');

function decodeNormalization(x: unknown): MeshSettings['pathNormalization'] {
  const mode = isRecord(x) ? x['normalization'] : undefined;
  return mode === 'NONE' || mode === 'MERGE_SLASHES' || mode === 'DECODE_AND_MERGE_SLASHES' ? mode : 'BASE';
}

function decodeRetries(x: unknown): MeshSettings['defaultRetries'] {
  if (!isRecord(x)) return null;
  const { attempts, retryOn } = x;
  const found = typeof x['perTryTimeout'] === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(x['perTryTimeout']) : null;
  const unit = found?.[2] === 'ms' ? 1 : found?.[2] === 's' ? 1000 : 60_000;
  return {
    attempts: typeof attempts === 'number' ? attempts : 0,
    perTryTimeoutMs: found === null ? null : Number(found[1]) * unit,
    retryOn: typeof retryOn === 'string' && retryOn !== '' ? retryOn : null,
  };
}
