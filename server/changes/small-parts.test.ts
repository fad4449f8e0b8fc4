// Identity, sight, refusals and requests: the small decisions of a change.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ApplyRequest, ChangeRecord, Preview } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import { CONFIG_RESOURCES } from '../kubernetes/resources';
import { Secret } from '../secret';
import { decodeApply } from './decode-request';
import { pluralOf, undoingDeedsOf } from './deeds';
import { changeId } from './ledger';
import { whyRefused } from './refuse';
import { findRevertIdentity } from './rights';
import { SeenObjects } from './seen-objects';
import { seatOf } from './testing/sim-rig';
import { tokenEndMs, Vault } from './vault';
import { cutRecord } from './visible';

const SIGNAL = new AbortController().signal;
const REF: ConfigRef = { kind: 'VirtualService', namespace: 'shop', name: 'web' };
const tokenOf = (claims: object) =>
  ({ kind: 'token', token: new Secret(`x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`) }) as const;

describe('names and deeds', () => {
  it('are those of every kind', () => {
    for (const { kind, plural } of CONFIG_RESOURCES) expect(pluralOf(kind)).toBe(plural);
    expect(undoingDeedsOf([{ action: 'create', ref: REF }]).map(({ verb }) => verb)).toEqual(['get', 'delete']);
    expect(
      undoingDeedsOf([
        { action: 'delete', ref: REF },
        { action: 'delete', ref: { ...REF, name: 'b' } },
      ]).map(({ verb }) => verb),
    ).toEqual(['get', 'create']);
  });
  it('of changes sort by time', () => {
    expect([changeId(1_700_000_000_000, 'b'), changeId(1_600_000_000_000, 'a'), changeId(9_700_000_000_000, 'c')].sort()).toEqual([
      changeId(1_600_000_000_000, 'a'),
      changeId(1_700_000_000_000, 'b'),
      changeId(9_700_000_000_000, 'c'),
    ]);
  });
});

describe('the vault', () => {
  it('gives back what it was given, and shows nothing of it', () => {
    const vault = new Vault();
    vault.keep('a', { kind: 'token', token: new Secret('very-secret') });
    vault.keep('b', { kind: 'impersonate', user: 'bob', groups: ['x', 'y'] });
    const token = vault.read('a');
    expect(token?.kind === 'token' ? token.token.reveal() : null).toBe('very-secret');
    expect(vault.read('b')).toEqual({ kind: 'impersonate', user: 'bob', groups: ['x', 'y'] });
    expect(inspect(vault, { depth: 10, showHidden: true }) + JSON.stringify(vault)).not.toContain('very-secret');
    vault.forget('a');
    expect(vault.read('a')).toBeNull();
  });
  it('reads the end of a token where it says one', () => {
    expect(tokenEndMs(tokenOf({ exp: 1_700_000_000 }))).toBe(1_700_000_000_000);
    for (const claims of [{}, { exp: 'soon' }, [], { exp: null }]) expect(tokenEndMs(tokenOf(claims))).toBeNull();
    expect(tokenEndMs({ kind: 'token', token: new Secret('opaque') })).toBeNull();
    expect(tokenEndMs({ kind: 'console' })).toBeNull();
  });
});

describe('who would set it back', () => {
  const may = (console: boolean, user: boolean) => ({
    may: (credential: { kind: string }) => Promise.resolve(credential.kind === 'console' ? console : user),
  });
  const steps = [{ action: 'update', ref: REF }] as const;
  const bob = seatOf('bob', tokenOf({ exp: 5 }));
  it.each([
    ['the console', true, true, { identity: 'console', validUntilMs: null }],
    ['the user', false, true, { identity: 'user', validUntilMs: 5000 }],
    [
      'nobody',
      false,
      false,
      { identity: null, why: expect.stringMatching(/console's own account may not get .*you may not get/) as unknown },
    ],
  ] as const)('is %s', async (_name, console, user, expected) => {
    expect(await findRevertIdentity(bob, steps, may(console, user), SIGNAL)).toEqual(expected);
  });
});

describe('what is asked for', () => {
  const preview = (part: Partial<Preview> = {}): Preview => ({
    plan: {
      digest: 'd',
      steps: [{ action: 'delete', ref: REF, resourceVersion: '1', before: null, after: null, patch: [], words: [], waitAfter: null }],
    },
    findings: [],
    ownership: [],
    effects: [],
    forecast: [],
    cases: [],
    dryRun: [{ ref: REF, ok: true, problems: [] }],
    dryRunFault: null,
    trafficAtMs: null,
    windowSeconds: 60,
    revertBy: { identity: 'user', validUntilMs: 100_000 },
    ...part,
  });
  const request = (part: Partial<ApplyRequest> = {}): ApplyRequest => ({
    edits: [],
    digest: 'd',
    reason: '',
    confirm: { revertAfterSeconds: null, guard: null },
    override: null,
    ...part,
  });
  const locked = { ownership: [{ ref: REF, owner: 'flux', name: 'Flux', paths: [], consequence: 'It goes.', locked: true }] } as const;
  it.each<readonly [string, Partial<Preview>, Partial<ApplyRequest>, string | null]>([
    ['fits', {}, {}, null],
    ['changes nothing', { plan: { digest: 'd', steps: [] } }, {}, 'badRequest'],
    ['is somebody else’s', locked, {}, 'forbidden'],
    ['is somebody else’s, with a blank reason', locked, { override: ' ' }, 'forbidden'],
    ['is somebody else’s, with a reason', locked, { override: 'an outage' }, null],
    [
      'is refused by the API server',
      { dryRun: [{ ref: REF, ok: false, problems: [{ path: 'spec.x', message: 'no' }] }] },
      {},
      'badRequest',
    ],
    ['was not rehearsed', { dryRun: null, dryRunFault: 'away' }, {}, 'clusterUnreachable'],
    [
      'is watched for no time',
      {},
      { confirm: { revertAfterSeconds: null, guard: { errorPercentPoints: 1, latencyFactor: null } } },
      'badRequest',
    ],
    ['outlasts the login', {}, { confirm: { revertAfterSeconds: 60, guard: null } }, 'badRequest'],
    ['does not outlast the login', {}, { confirm: { revertAfterSeconds: 30, guard: null } }, null],
    [
      'could be set back by nobody',
      { revertBy: { identity: null, why: 'no' } },
      { confirm: { revertAfterSeconds: 30, guard: null } },
      'forbidden',
    ],
    ['need not be set back', { revertBy: { identity: null, why: 'no' } }, {}, null],
  ])('is refused or not when it %s', (_name, shown, asked, code) => {
    expect(whyRefused(preview(shown), request(asked), 50_000)?.code ?? null).toBe(code);
  });

  it('is decoded with its limits', () => {
    const good = {
      digest: 'd',
      reason: 'r',
      confirm: { revertAfterSeconds: 30, guard: { errorPercentPoints: 5, latencyFactor: 2 } },
      override: null,
    };
    expect(decodeApply(good)).toEqual(good);
    expect(decodeApply({ digest: 'd', confirm: {} })).toEqual({
      digest: 'd',
      reason: '',
      override: null,
      confirm: { revertAfterSeconds: null, guard: null },
    });
    for (const bad of [
      null,
      {},
      { ...good, digest: '' },
      { ...good, reason: 'x'.repeat(2001) },
      { ...good, confirm: { revertAfterSeconds: 29 } },
      { ...good, confirm: { revertAfterSeconds: 86_401 } },
      { ...good, confirm: { revertAfterSeconds: 30.5 } },
      { ...good, confirm: { revertAfterSeconds: 60, guard: { errorPercentPoints: -1 } } },
      { ...good, confirm: { revertAfterSeconds: 60, guard: { latencyFactor: 0.5 } } },
    ])
      expect(() => decodeApply(bad)).toThrow(/cannot be read/);
  });
});

describe('a record', () => {
  const step = {
    action: 'update',
    resourceVersion: '1',
    before: null,
    after: null,
    patch: [],
    words: [],
    waitAfter: null,
    state: 'written',
    written: null,
  } as const;
  const traffic = (host: string) => ({ host, workload: 'w', requestsPerSecond: 1 });
  const measure = {
    atMs: 1,
    requestsPerSecond: 2,
    errorPercent: 0,
    p95Ms: null,
    byDestination: [traffic('a.shop.svc.cluster.local'), traffic('b.vault.svc.cluster.local'), traffic('example.com')],
  };
  const record: ChangeRecord = {
    id: 'a',
    state: 'kept',
    by: { name: 'ann', subject: 'ann' },
    createdAtMs: 1,
    reason: '',
    override: null,
    steps: [{ ...step, ref: REF }],
    acceptedFindings: [{ code: 'IST0101', object: { ...REF, namespace: 'vault' }, message: 'm' }],
    hosts: ['a.shop.svc.cluster.local', 'b.vault.svc.cluster.local', 'example.com'],
    confirm: { revertAfterSeconds: null, guard: null },
    revertBy: null,
    deadlineMs: null,
    confirmedBy: null,
    endedAtMs: 2,
    outcome: null,
    remains: [],
    before: measure,
    after: measure,
    measures: [measure],
    undoes: null,
    undoneBy: null,
  };
  it('is whole for who sees all, cut for who sees its objects, and hidden from others', () => {
    expect(cutRecord(record, null)).toBe(record);
    const cut = cutRecord(record, ['shop']);
    expect(JSON.stringify(cut)).not.toContain('vault');
    expect(cut?.hosts).toEqual(['a.shop.svc.cluster.local', 'example.com']);
    expect(cutRecord(record, ['vault'])).toBeNull();
    expect(cutRecord({ ...record, steps: [...record.steps, { ...step, ref: { ...REF, namespace: 'vault' } }] }, ['shop'])).toBeNull();
  });
});

describe('objects that were seen', () => {
  const manifest = (text: string) => ({
    apiVersion: 'v',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { text },
  });
  it('are told apart by what is in them, as long as they are remembered', () => {
    const seen = new SeenObjects();
    seen.note(REF, '1', manifest('a'));
    expect(seen.isSame(REF, '1', manifest('a'))).toBe(true);
    expect(seen.isSame(REF, '1', manifest('b'))).toBe(false);
    expect(seen.isSame(REF, '2', manifest('a'))).toBe(false);
    for (let i = 0; i < 5_000; i++) seen.note(REF, `x${i}`, manifest('a'));
    expect(seen.isSame(REF, '1', manifest('a'))).toBe(false);
  });
});
