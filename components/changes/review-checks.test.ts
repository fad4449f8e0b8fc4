// Tests of what stands between a plan and its writing, of what moved between two plans, and of what goes to kubectl.
import { describe, expect, it } from 'vitest';
import { findingKey } from '../../model/finding';
import { encodeKubectl, encodeManifest } from './manifest-text';
import { type Choices, findMoved, listObstacles } from './review-checks';
import { sampleFinding, samplePreview, sampleStep } from './sample-routing';

const choices = (change: Partial<Choices> = {}): Choices => ({
  accepted: new Set(),
  override: '',
  revertAfterSeconds: 300,
  nowMs: 1_000_000,
  ...change,
});
const steps = (...args: Parameters<typeof listObstacles>) => listObstacles(...args).map(({ step }) => step);

describe('listObstacles', () => {
  it('lets a good plan pass', () => {
    expect(listObstacles(samplePreview(), choices())).toEqual([]);
  });
  it('stops at nothing to do, at a refusal of the API server and at an owner without a reason', () => {
    expect(steps(samplePreview({ plan: { steps: [], digest: '' } }), choices())).toEqual(['plan']);
    const refused = samplePreview({ dryRun: [{ ref: sampleStep().ref, ok: false, problems: [] }] });
    expect(steps(refused, choices())).toEqual(['plan']);
    expect(steps(samplePreview({ dryRun: null, dryRunFault: 'busy' }), choices())).toEqual(['plan']);
    const owned = samplePreview({
      ownership: [{ ref: sampleStep().ref, owner: 'flux', name: 'Flux', paths: [], consequence: 'Flux sets it back', locked: true }],
    });
    expect(steps(owned, choices({ override: '  ' }))).toEqual(['plan']);
    expect(steps(owned, choices({ override: 'incident' }))).toEqual([]);
  });
  it('stops at new errors only, until each is accepted', () => {
    const finding = sampleFinding();
    const judged = (origin: 'new' | 'existing') => samplePreview({ findings: [{ finding, origin }] });
    expect(steps(judged('existing'), choices())).toEqual([]);
    expect(steps(judged('new'), choices())).toEqual(['findings']);
    expect(steps(judged('new'), choices({ accepted: new Set([findingKey(finding)]) }))).toEqual([]);
  });
  it('takes only times after which somebody can still set it back', () => {
    expect(steps(samplePreview(), choices({ revertAfterSeconds: 29 }))).toEqual(['apply']);
    expect(steps(samplePreview(), choices({ revertAfterSeconds: 86_401 }))).toEqual(['apply']);
    const user = samplePreview({ revertBy: { identity: 'user', validUntilMs: 1_000_000 + 200_000 } });
    expect(steps(user, choices())).toEqual(['apply']);
    expect(steps(user, choices({ revertAfterSeconds: 60 }))).toEqual([]);
    const nobody = samplePreview({ revertBy: { identity: null, why: 'no grant' } });
    expect(steps(nobody, choices())).toEqual(['apply']);
    expect(steps(nobody, choices({ revertAfterSeconds: null }))).toEqual([]);
  });
});

it('finds the objects that moved between two plans', () => {
  const [step] = samplePreview().plan.steps;
  if (step?.before == null) throw new Error('no step');
  const theirs = { ...step.before, metadata: { ...step.before.metadata, labels: { a: 'b' } } };
  const now = samplePreview({ plan: { steps: [{ ...step, before: theirs }], digest: 'x' } });
  expect(findMoved(samplePreview(), now)).toEqual([{ ref: step.ref, seen: step.before, now: theirs }]);
  expect(findMoved(samplePreview(), samplePreview())).toEqual([]);
});

describe('what is copied', () => {
  it('is YAML in the order of the fields', () => {
    const { after } = sampleStep();
    expect(after === null ? '' : encodeManifest(after)).toMatch(/^apiVersion: networking.istio.io\/v1\nkind: VirtualService\n/);
  });
  it('is a command for kubectl that quotes what it says', () => {
    const text = encodeKubectl([
      sampleStep({ patch: [{ op: 'replace', path: '/spec/x', value: "it's" }] }),
      sampleStep({ action: 'delete', after: null }),
    ]);
    expect(text.split('\n')).toEqual([
      String.raw`kubectl patch -n bookinfo virtualservice.networking.istio.io/reviews --type=json -p '[{"op":"replace","path":"/spec/x","value":"it'\''s"}]'`,
      'kubectl delete -n bookinfo virtualservice.networking.istio.io/reviews',
    ]);
  });
});
