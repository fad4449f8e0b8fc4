// The way back of one write from whatever the object has become, and guards on traffic.
import { describe, expect, it } from 'vitest';
import type { Manifest, TrafficMeasure } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import type { JsonObject } from '../../model/inventory';
import type { ManagedObject } from '../ports';
import { whyTripped, withMeasure } from './guard';
import { type RecordedStep, wayBack } from './undo-step';

const REF: ConfigRef = { kind: 'VirtualService', namespace: 'shop', name: 'web' };
const BEGAN_MS = 1_000_000;
const manifest = (spec: JsonObject): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});
const BEFORE = manifest({ hosts: ['a'], weight: 100 });
const AFTER = manifest({ hosts: ['a'], weight: 80 });
const step = (action: RecordedStep['action'], isWritten: boolean): RecordedStep => ({
  action,
  ref: REF,
  resourceVersion: action === 'create' ? null : '1',
  before: action === 'create' ? null : BEFORE,
  after: action === 'delete' ? null : AFTER,
  patch: [],
  words: [],
  waitAfter: null,
  state: isWritten ? 'written' : 'pending',
  written: isWritten ? { resourceVersion: action === 'delete' ? '' : '2', uid: 'u' } : null,
});
function found(
  own: Manifest,
  resourceVersion: string,
  part: { readonly uid?: string; readonly by?: string; readonly atMs?: number } = {},
): ManagedObject {
  const { uid = 'u', by = 'heddle', atMs = BEGAN_MS } = part;
  const meta = { cluster: 'c', namespace: 'shop', name: 'web', uid, resourceVersion, createdAtMs: 0, labels: {}, annotations: {} };
  return {
    ref: REF,
    object: { ...meta, apiVersion: own.apiVersion, kind: own.kind, generation: 1, spec: own.spec, status: null },
    manifest: own,
    managedFields: [{ manager: by, operation: 'Update', subresource: '', timeMs: atMs, fields: {} }],
    ownerReferences: [],
  };
}
const OTHER = manifest({ hosts: ['a'], weight: 55 });
const ELSEWHERE = manifest({ hosts: ['a', 'b'], weight: 80 });
const MERGED = manifest({ hosts: ['a', 'b'], weight: 100 });
const THEIRS = manifest({ hosts: ['a', 'b'], weight: 100 });

describe('the way back of', () => {
  it.each<readonly [string, RecordedStep, ManagedObject | null, object]>([
    ['a creation', step('create', true), found(AFTER, '2'), { kind: 'write', action: 'delete', guard: { uid: 'u', resourceVersion: '2' } }],
    ['a creation whose status was written', step('create', true), found(AFTER, '3'), { kind: 'write', action: 'delete' }],
    ['a creation that is gone', step('create', true), null, { kind: 'undone' }],
    ['a creation that somebody edited', step('create', true), found(OTHER, '3'), { kind: 'remains' }],
    ['a creation that somebody replaced', step('create', true), found(AFTER, '9', { uid: 'v' }), { kind: 'undone' }],
    ['a creation that may not have been', step('create', false), null, { kind: 'undone' }],
    ['a creation that was, unheard', step('create', false), found(AFTER, '2'), { kind: 'write', action: 'delete' }],
    ['a creation that somebody else made', step('create', false), found(AFTER, '2', { by: 'kubectl' }), { kind: 'undone' }],

    [
      'an update',
      step('update', true),
      found(AFTER, '2'),
      { kind: 'write', action: 'update', from: AFTER, to: BEFORE, guard: { resourceVersion: '2' } },
    ],
    ['an update that the server completed', step('update', true), found(ELSEWHERE, '2'), { kind: 'write', from: AFTER, to: BEFORE }],
    ['an update with another edit elsewhere', step('update', true), found(ELSEWHERE, '3'), { kind: 'write', from: ELSEWHERE, to: MERGED }],
    ['an update with another edit on top', step('update', true), found(OTHER, '3'), { kind: 'remains' }],
    ['an update of what is gone', step('update', true), null, { kind: 'remains' }],
    ['an update that somebody took back', step('update', true), found(BEFORE, '3'), { kind: 'undone' }],
    ['an update that was not written', step('update', false), found(BEFORE, '1'), { kind: 'undone' }],
    ['an update that was, unheard', step('update', false), found(AFTER, '2'), { kind: 'write', to: BEFORE }],
    ['an update before which somebody edited elsewhere', step('update', false), found(THEIRS, '2', { by: 'kubectl' }), { kind: 'undone' }],
    ['an update before which somebody edited the same', step('update', false), found(OTHER, '2', { by: 'kubectl' }), { kind: 'undone' }],
    ['an update unheard on which somebody edited the same', step('update', false), found(OTHER, '3'), { kind: 'remains' }],
    ['an update of an older change of ours', step('update', false), found(OTHER, '3', { atMs: 0 }), { kind: 'undone' }],
    ['an update, never written, of what is gone', step('update', false), null, { kind: 'undone' }],

    ['a removal', step('delete', true), null, { kind: 'write', action: 'create', to: BEFORE, guard: { resourceVersion: null } }],
    ['a removal that was, unheard', step('delete', false), null, { kind: 'write', action: 'create' }],
    ['a removal that was not', step('delete', false), found(BEFORE, '1'), { kind: 'undone' }],
    ['a removal after which somebody made it again', step('delete', true), found(OTHER, '9', { uid: 'v' }), { kind: 'remains' }],
    ['a removal after which somebody made the same again', step('delete', true), found(BEFORE, '9', { uid: 'v' }), { kind: 'undone' }],
  ])('%s', (_name, own, current, expected) => {
    expect(wayBack(own, current, BEGAN_MS)).toMatchObject(expected);
  });
});

describe('a guard', () => {
  const measure = (atMs: number, part: Partial<TrafficMeasure> = {}): TrafficMeasure => ({
    atMs,
    requestsPerSecond: 5,
    errorPercent: 0,
    p95Ms: 10,
    byDestination: [],
    ...part,
  });
  const guard = { errorPercentPoints: 5, latencyFactor: 2 };
  const before = measure(0, { errorPercent: 1 });
  it('trips when two measures in a row are worse than it allows', () => {
    expect(whyTripped(guard, before, [measure(1, { errorPercent: 7 }), measure(2, { errorPercent: 8 })])).toBe(
      'errors 1 % → 8 %, more than 5 points',
    );
    expect(whyTripped(guard, before, [measure(1, { p95Ms: 21 }), measure(2, { p95Ms: 30 })])).toBe('P95 10 ms → 30 ms, more than 2 times');
  });
  it.each<readonly [string, Parameters<typeof whyTripped>]>([
    ['there is none', [null, before, [measure(1, { errorPercent: 90 }), measure(2, { errorPercent: 90 })]]],
    ['once is no trend', [guard, before, [measure(1), measure(2, { errorPercent: 90 })]]],
    ['it is just allowed', [guard, before, [measure(1, { errorPercent: 6 }), measure(2, { errorPercent: 6 })]]],
    [
      'nobody asks anything',
      [guard, before, [measure(1, { errorPercent: 90, requestsPerSecond: 0 }), measure(2, { errorPercent: 90, requestsPerSecond: 0 })]],
    ],
    [
      'there is nothing to compare with',
      [{ errorPercentPoints: null, latencyFactor: 2 }, null, [measure(1, { p95Ms: 900 }), measure(2, { p95Ms: 900 })]],
    ],
    ['the latency is not known', [guard, before, [measure(1, { p95Ms: null }), measure(2, { p95Ms: null })]]],
  ])('does not where %s', (_name, args) => {
    expect(whyTripped(...args)).toBeNull();
  });
  it('keeps a day of measures in bounds, the newest whole', () => {
    let measures: readonly TrafficMeasure[] = [];
    for (let i = 0; i < 5_000; i++) measures = withMeasure(measures, measure(i));
    expect(measures.length).toBeLessThanOrEqual(120);
    expect(measures.slice(-20).map(({ atMs }) => atMs)).toEqual([...Array(20)].map((_, i) => 4_980 + i));
    expect(withMeasure(measures, measure(4_999))).toBe(measures);
    expect([...measures].sort((a, b) => a.atMs - b.atMs)).toEqual(measures);
  });
});
