// The match blocks of a rule: an edited list of blocks laid over the written one, so that a block keeps what the edit does not know.
// In: written blocks, MatchEdits, how one is laid on the other. Out: blocks.
import type { MatchEdit } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { sameJson } from './json-edit';
import { isRefusal, type Refusal } from './refusal';

export type LayMatch = (block: JsonObject, edit: MatchEdit) => JsonObject | Refusal;

export const isCatchAll = (edit: MatchEdit): boolean => Object.values(edit).every((condition) => condition === undefined);

/** A block that already says what an edit says is that edit's; the other edits take the blocks that are left, in order, then new ones. */
export function layMatches(blocks: readonly JsonObject[], edits: readonly MatchEdit[], lay: LayMatch): readonly JsonObject[] | Refusal {
  const left = new Set(blocks);
  const own = edits.map((edit): JsonObject | null => {
    for (const block of left) {
      const laid = lay(block, edit);
      if (isRefusal(laid) || !sameJson(laid, block)) continue;
      left.delete(block);
      return block;
    }
    return null;
  });
  const found: JsonObject[] = [];
  for (const [i, edit] of edits.entries()) {
    const said = own[i] ?? null;
    const [next] = left;
    const laid = said ?? lay(next ?? {}, edit);
    if (isRefusal(laid)) return laid;
    if (said === null && next !== undefined) left.delete(next);
    found.push(laid);
  }
  return found;
}
