// Objects as people exchange them: YAML, and a patch for kubectl. In: Manifest, PlanStep. Out: texts. Pure.
import { stringify } from 'yaml';
import type { Manifest, PlanStep } from '../../model/change';

/** One document; field order is kept. */
export const encodeManifest = (manifest: Manifest): string => stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });

/** Several objects of a plan as one YAML stream, as they shall be. */
export const encodeAfter = (steps: readonly PlanStep[]): string =>
  steps.flatMap(({ after }) => (after === null ? [] : [encodeManifest(after)])).join('---\n');

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** `virtualservice.networking.istio.io`: singular names with their group are taken by kubectl. */
function resourceOf({ apiVersion, kind }: Manifest): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : '';
  return `${kind.toLowerCase()}${group}`;
}

/** Commands that do what the steps do, for whoever applies elsewhere. */
export function encodeKubectl(steps: readonly PlanStep[]): string {
  return steps
    .map(({ action, ref, before, after, patch }) => {
      if (action === 'create' && after !== null) return `kubectl create -f - <<'YAML'\n${encodeManifest(after)}YAML`;
      const is = before ?? after;
      const target = is === null ? `${ref.kind.toLowerCase()}/${ref.name}` : `${resourceOf(is)}/${ref.name}`;
      if (action === 'delete') return `kubectl delete -n ${ref.namespace} ${target}`;
      return `kubectl patch -n ${ref.namespace} ${target} --type=json -p ${quote(JSON.stringify(patch))}`;
    })
    .join('\n');
}
