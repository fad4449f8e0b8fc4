// A page of the journal as JSON, an entry at a time: each may bring large objects, and others are answered by the same thread.
// In: ChangeListDocument. Out: bytes.
import type { ChangeListDocument } from '../../model/change';
import { createTurns } from '../pause';

export async function encodeChangeList({ changes, ...rest }: ChangeListDocument): Promise<Uint8Array<ArrayBuffer>> {
  const texts: string[] = [];
  const turn = createTurns();
  for (const change of changes) {
    texts.push(JSON.stringify(change));
    await turn();
  }
  return new TextEncoder().encode(`${JSON.stringify(rest).slice(0, -1)},"changes":[${texts.join(',')}]}`);
}
