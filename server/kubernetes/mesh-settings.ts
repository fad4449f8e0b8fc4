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
  };
}
