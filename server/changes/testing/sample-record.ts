// An entry of the journal for tests. In: id, what differs. Out: ChangeRecord.
import type { ChangeRecord, Manifest } from '../../../model/change';

const manifest = (text: string): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec: { hosts: ['reviews'], text },
});

/** Kept; one step, an update of the VirtualService bookinfo/reviews. */
export const sampleRecord = (id: string, part: Partial<ChangeRecord> = {}): ChangeRecord => ({
  id,
  state: 'kept',
  by: { name: 'carol', subject: 'c' },
  createdAtMs: 1000,
  reason: '',
  override: null,
  steps: [
    {
      action: 'update',
      ref: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
      resourceVersion: '7',
      before: manifest('a'),
      after: manifest('b'),
      patch: [{ op: 'replace', path: '/spec/text', value: 'b' }],
      words: ['text'],
      waitAfter: null,
      state: 'written',
      written: { resourceVersion: '8', uid: 'u' },
    },
  ],
  acceptedFindings: [],
  hosts: ['reviews.bookinfo.svc.cluster.local'],
  confirm: { revertAfterSeconds: null, guard: null },
  revertBy: 'console',
  deadlineMs: null,
  confirmedBy: null,
  endedAtMs: 2000,
  outcome: null,
  remains: [],
  before: null,
  after: null,
  measures: [],
  undoes: null,
  undoneBy: null,
  ...part,
});
