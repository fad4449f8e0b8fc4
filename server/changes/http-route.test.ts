// The first rule of a service as an HTTPRoute, from its preview to its end, on a simulated API server: for the mesh and at a Gateway.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeRecord, ConfirmPolicy, Preview } from '../../model/change';
import type { ConfigRef, Edit } from '../../model/edit';
import type { ChangeDesk } from './create-change-desk';
import { SimRig, seatOf } from './testing/sim-rig';

const FOREVER = new AbortController().signal;
const HOST = 'ratings.bookinfo.svc.cluster.local';
const ROUTE: ConfigRef = { kind: 'HTTPRoute', namespace: 'bookinfo', name: 'ratings' };
const EDGE: ConfigRef = { kind: 'K8sGateway', namespace: 'bookinfo', name: 'edge' };
const alice = seatOf('alice');

const timeout = (index = 0): Edit => ({
  type: 'timeout',
  rule: { object: null, list: 'http', index, host: HOST, as: 'HTTPRoute' },
  milliseconds: 2000,
});
const canary: Edit = {
  type: 'addRule',
  rule: { object: null, list: 'http', index: 0, host: HOST, as: 'HTTPRoute' },
  name: null,
  matches: [{ path: { type: 'prefix', value: '/canary' } }],
  action: { type: 'route', destinations: [{ host: HOST, subset: null, port: 80, weight: 1 }] },
};
const expose: Edit = {
  type: 'expose',
  host: HOST,
  port: 80,
  gateway: EDGE,
  hostnames: ['ratings.example.com'],
  pathPrefix: '/',
  namespace: 'bookinfo',
  name: 'ratings-edge',
};

let rig: SimRig;
beforeEach(async () => {
  rig = await SimRig.start();
  rig.cluster.store.seed([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ratings', namespace: 'bookinfo' },
      spec: { selector: { app: 'ratings' }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }], clusterIP: '10.0.0.9' },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'bookinfo' },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    },
  ]);
});
afterEach(() => rig.close());

async function preview(desk: ChangeDesk, edits: readonly Edit[]): Promise<Preview> {
  const result = await desk.preview(edits, alice, FOREVER);
  if ('kind' in result) throw new Error(JSON.stringify(result));
  return result;
}
async function apply(desk: ChangeDesk, edits: readonly Edit[], confirm: ConfirmPolicy): Promise<ChangeRecord> {
  const { plan } = await preview(desk, edits);
  const result = await desk.apply({ edits, digest: plan.digest, reason: '', confirm, override: null }, alice, FOREVER);
  if ('kind' in result) throw new Error(JSON.stringify(result));
  return result;
}
const stored = (name = 'ratings'): unknown => rig.cluster.store.read('httproutes.gateway.networking.k8s.io', 'bookinfo', name)?.['spec'];

describe('a first rule as an HTTPRoute', () => {
  it('is planned, rehearsed and found sound, without writing', async () => {
    const { desk } = rig.console();
    const shown = await preview(desk, [timeout()]);
    expect(shown.plan.steps.map(({ action, ref }) => [action, ref])).toEqual([['create', ROUTE]]);
    expect(shown.plan.steps[0]?.after?.spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'ratings' }],
      rules: [{ backendRefs: [{ name: 'ratings', port: 80 }], timeouts: { request: '2s' } }],
    });
    expect(shown.dryRun).toEqual([{ ref: ROUTE, ok: true, problems: [] }]);
    expect(shown.findings.filter(({ finding }) => finding.severity === 'error')).toEqual([]);
    expect(shown.forecast.some(({ host }) => host === HOST)).toBe(true);
    expect(stored()).toBeUndefined();
  });

  it('is written, and gone again when nobody confirms it', async () => {
    const { desk } = rig.console();
    const { id, state } = await apply(desk, [timeout()], { revertAfterSeconds: 30, guard: null });
    expect(state).toBe('waiting');
    expect(stored()).toMatchObject({ rules: [{ timeouts: { request: '2s' } }] });
    for (;;) {
      const record = await desk.read(id, alice, FOREVER);
      if (record.endedAtMs === null) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      expect(record).toMatchObject({ state: 'reverted', remains: [] });
      break;
    }
    expect(stored()).toBeUndefined();
  });

  it('is undone by taking the object away, and later edits go on from it', async () => {
    const { desk } = rig.console();
    const keep = { revertAfterSeconds: null, guard: null };
    const first = await apply(desk, [timeout()], keep);
    // The same intent again finds the object: nothing is left to do.
    expect((await preview(desk, [timeout()])).plan.steps).toEqual([]);
    const second = await apply(desk, [canary], keep);
    expect(second.steps.map(({ action }) => action)).toEqual(['update']);
    expect(stored()).toMatchObject({
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/canary' } }] }, { timeouts: { request: '2s' } }],
    });
    for (const { id } of [second, first]) {
      const shown = await desk.previewUndo(id, alice, FOREVER);
      if ('kind' in shown) throw new Error(JSON.stringify(shown));
      const undone = await desk.undo(id, { digest: shown.plan.digest, reason: '', confirm: keep, override: null }, alice, FOREVER);
      expect(undone).toMatchObject({ state: 'kept' });
    }
    expect(stored()).toBeUndefined();
  });

  it('at a Gateway opens the service there', async () => {
    const { desk } = rig.console();
    const shown = await preview(desk, [expose]);
    expect(shown.plan.steps[0]).toMatchObject({ action: 'create', ref: { kind: 'HTTPRoute', name: 'ratings-edge' } });
    expect(shown.dryRun?.[0]?.ok).toBe(true);
    await apply(desk, [expose], { revertAfterSeconds: null, guard: null });
    expect(stored('ratings-edge')).toMatchObject({
      parentRefs: [{ name: 'edge' }],
      hostnames: ['ratings.example.com'],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'ratings', port: 80 }] }],
    });
  });
});
