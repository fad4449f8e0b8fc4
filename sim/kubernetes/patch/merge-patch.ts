// JSON Merge Patch (RFC 7396) on plain values.
import { assignKey, isRecord, omit } from '../json';

/** The target with the patch merged in: objects by key, null takes a key out, anything else replaces. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const removed = Object.keys(patch).filter((key) => patch[key] === null);
  const result = omit(isRecord(target) ? target : {}, ...removed);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null) assignKey(result, key, applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}
