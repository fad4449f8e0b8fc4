// Whole objects as YAML: made, or set in place of what is there. In: yaml edit. Out: the object in the draft, or what is wrong with it.
import { type Edit, refText } from '../../../model/edit';
import type { Draft } from './draft';
import { sameJson } from './json-edit';
import { manifestJson } from './manifest-of';
import { readYaml } from './read-yaml';
import { Refusal } from './refusal';

export function planYaml(draft: Draft, edit: Extract<Edit, { type: 'yaml' }>): readonly Refusal[] {
  const read = readYaml(edit.yaml, edit.ref, draft.inventory);
  if (!read.ok) return read.refusals;
  const { ref, manifest } = read;
  const known = draft.read(ref);
  if (known !== null && sameJson(manifestJson(known), manifestJson(manifest))) return [];
  const object = draft.object(ref);
  if (edit.ref === null && known !== null)
    return [new Refusal('metadata.name', `${refText(ref)} exists already`, 'Open it and change it, or choose another name.')];
  if (edit.ref !== null && known === null)
    return [new Refusal('', `${refText(ref)} was deleted`, 'Make it anew from this text, or leave it.')];
  if (edit.ref !== null && object !== null && edit.resourceVersion !== null && edit.resourceVersion !== object.resourceVersion)
    return [
      new Refusal(
        'metadata.resourceVersion',
        `${refText(ref)} was changed since this text was begun: it was ${edit.resourceVersion} and is ${object.resourceVersion}`,
        'Bring both together: load the object as it is now and make the change again.',
      ),
    ];
  draft.write(ref, manifest);
  return [];
}
