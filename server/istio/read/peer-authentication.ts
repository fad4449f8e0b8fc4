// Reads security.istio.io PeerAuthentication. In: ConfigObject. Out: PeerAuthenticationView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer, MtlsMode } from '../../../model/routing';
import { isEmpty, type Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';

/** A mode with the place that sets it; null mode = UNSET, which inherits. */
export interface ModeSetting {
  readonly mode: MtlsMode | null;
  readonly pointer: ConfigPointer;
}

export interface PeerAuthenticationView {
  readonly object: ConfigObject;
  /** Null = for the whole namespace (the mesh, in the root namespace). */
  readonly selector: Labels | null;
  readonly mtls: ModeSetting;
  /** By container port. */
  readonly ports: ReadonlyMap<number, ModeSetting>;
  readonly notes: readonly string[];
}

const isMode = (text: string | null): text is MtlsMode => text === 'STRICT' || text === 'PERMISSIVE' || text === 'DISABLE';

export const readPeerAuthentication: (object: ConfigObject) => PeerAuthenticationView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const selector = spec.object('selector')?.labels('matchLabels') ?? {};
  const setting = (fields: Fields | null, path: string): ModeSetting => {
    const mode = fields?.text('mode') ?? null;
    return { mode: isMode(mode) ? mode : null, pointer: pointerTo(object, path) };
  };
  return {
    object,
    selector: isEmpty(selector) ? null : selector,
    mtls: setting(spec.object('mtls'), 'spec.mtls'),
    ports: new Map(spec.entries('portLevelMtls').map(([port, fields]) => [Number(port), setting(fields, fields.path)])),
    notes: spec.notes,
  };
});
