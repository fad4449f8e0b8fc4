// Tests of the checks that follow a text: pauses, one question at a time, answers of old texts, drafts.
import { describe, expect, it, vi } from 'vitest';
import type { CheckDocument } from '../../../model/change';
import { ProblemError } from '../../ui/fetch-json';
import { isConfigKind } from '../config-kinds';
import { REVIEWS, sampleFinding, sampleObject } from '../sample-config';
import { listMarks, offsetOf, refuseIdentity, refusesText, wordMarks } from './editor-marks';
import { CHECK_AFTER_MS, READ_AFTER_MS, TextChecks } from './text-checks';
import { createTextClient } from './text-client';
import { type DraftStorage, listDrafts, readDraft, removeDraft, writeDraft } from './yaml-drafts';

const { yaml } = sampleObject();
const NOTHING: CheckDocument = { problems: [], findings: [] };

/** Timers that run when they are told to. */
function clock() {
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  let nowMs = 0;
  return {
    startTimer: (delayMs: number, run: () => void) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass: async (ms: number) => {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
      // What was answered inline is told in the turns after.
      for (let i = 0; i < 10; i++) await Promise.resolve();
    },
  };
}

const noWorker = (): Worker => {
  throw new Error('no workers here');
};

function start(postCheck: (text: string, signal: AbortSignal) => Promise<CheckDocument>) {
  const time = clock();
  const kept: string[] = [];
  const reader = createTextClient(noWorker);
  const checks = new TextChecks(yaml, {
    reader,
    refuses: (report) => refusesText(report, REVIEWS),
    postCheck,
    startTimer: time.startTimer,
    keep: (text) => kept.push(text),
  });
  checks.start();
  return { checks, time, kept };
}

describe('TextChecks', () => {
  it('reads after a pause, keeps the draft, and asks the server after a longer pause', async () => {
    const post = vi.fn(() => Promise.resolve(NOTHING));
    const { checks, time, kept } = start(post);
    checks.edit(() => `${yaml}# a\n`);
    await time.pass(READ_AFTER_MS - 1);
    expect(kept).toEqual([]);
    await time.pass(1);
    expect(kept).toEqual([`${yaml}# a\n`]);
    expect(checks.state()).toMatchObject({ text: `${yaml}# a\n`, checking: true });
    expect(post).not.toHaveBeenCalled();
    await time.pass(CHECK_AFTER_MS - READ_AFTER_MS);
    expect(post).toHaveBeenCalledTimes(1);
    expect(checks.state()).toMatchObject({ check: NOTHING, checking: false });
  });

  it('waits for the last of many keys, and never asks twice at once', async () => {
    const signals: AbortSignal[] = [];
    const { checks, time } = start((_text, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    for (let i = 0; i < 20; i++) {
      checks.edit(() => `${yaml}# ${i}\n`);
      await time.pass(READ_AFTER_MS - 50);
    }
    expect(signals).toEqual([]);
    await time.pass(READ_AFTER_MS);
    await time.pass(CHECK_AFTER_MS);
    expect(signals).toHaveLength(1);
    checks.edit(() => `${yaml}# last\n`);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('asks nothing for a text that is not one object', async () => {
    const post = vi.fn(() => Promise.resolve(NOTHING));
    const { checks, time } = start(post);
    checks.edit(() => 'kind: [');
    await time.pass(READ_AFTER_MS);
    await time.pass(CHECK_AFTER_MS);
    expect(post).not.toHaveBeenCalled();
    expect(checks.state().checking).toBe(false);
    expect(listMarks(checks.state(), REVIEWS)[0]?.severity).toBe('error');
  });

  it('says why the server could not be asked, and forgets it with the next good answer', async () => {
    let fails = true;
    const problem = { title: 'Away', detail: 'd', next: 'n', status: 502, code: null };
    const { checks, time } = start(() => (fails ? Promise.reject(new ProblemError(problem)) : Promise.resolve(NOTHING)));
    checks.refresh(yaml);
    await time.pass(0);
    await time.pass(CHECK_AFTER_MS);
    expect(checks.state().failure).toEqual(problem);
    fails = false;
    checks.refresh(yaml);
    await time.pass(0);
    await time.pass(CHECK_AFTER_MS);
    expect(checks.state().failure).toBeNull();
  });

  it('puts findings of this object at their places, and only new ones of others', async () => {
    const other = { kind: 'DestinationRule', namespace: 'a', name: 'b' } as const;
    const { checks, time } = start(() =>
      Promise.resolve({
        problems: [],
        findings: [
          { finding: sampleFinding({ path: 'spec.hosts' }), origin: 'new' as const },
          { finding: sampleFinding({ object: other, severity: 'warning' }), origin: 'new' as const },
          { finding: sampleFinding({ object: other }), origin: 'existing' as const },
          { finding: sampleFinding({ path: 'spec.hosts' }), origin: 'mended' as const },
        ],
      }),
    );
    checks.refresh(yaml);
    await time.pass(0);
    await time.pass(CHECK_AFTER_MS);
    const marks = listMarks(checks.state(), REVIEWS);
    expect(marks.map(({ range, object }) => [range === null ? null : yaml.slice(range.from, range.to), object])).toEqual([
      ['hosts', null],
      [null, other],
    ]);
    expect(wordMarks(marks)).toBe('1 error, 1 warning');
  });
});

describe('refuseIdentity', () => {
  const identity = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };
  it('takes the object itself, and says what else the text is', () => {
    expect(refuseIdentity(identity, REVIEWS)).toBeNull();
    expect(refuseIdentity({ ...identity, namespace: '' }, REVIEWS)).toBeNull();
    expect(refuseIdentity({ ...identity, kind: 'DestinationRule' }, REVIEWS)).toMatch(/the text is a DestinationRule/);
    expect(refuseIdentity({ ...identity, namespace: 'other' }, REVIEWS)).toMatch(/cannot move/);
    expect(refuseIdentity({ ...identity, name: 'ratings' }, REVIEWS)).toMatch(/Duplicate/);
  });

  it('wants a kind that is changed here, and a name, for a new object', () => {
    expect(refuseIdentity(identity, null)).toBeNull();
    expect(refuseIdentity({ ...identity, apiVersion: 'apps/v1', kind: 'Deployment' }, null)).toMatch(/none of the kinds/);
    expect(refuseIdentity({ ...identity, name: '' }, null)).toMatch(/needs a name/);
  });
});

describe('offsetOf', () => {
  it('counts lines and columns from 1, and stays inside of the text', () => {
    expect(offsetOf('ab\ncd\n', 2, 2)).toBe(4);
    expect(offsetOf('ab', 9, 1)).toBe(2);
  });
});

function memory(): DraftStorage {
  const all = new Map<string, string>();
  return {
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
    key: (i) => [...all.keys()][i] ?? null,
    get length() {
      return all.size;
    },
  };
}

describe('drafts', () => {
  const draft = { text: 'a: 1\n', base: { yaml: 'a: 0\n', resourceVersion: '7' }, atMs: 5 };

  it('come back to the user and the object, and to nobody else', () => {
    const storage = memory();
    expect(writeDraft(storage, 'ada', REVIEWS, draft)).toBe(true);
    expect(readDraft(storage, 'ada', REVIEWS)).toEqual(draft);
    expect(readDraft(storage, 'eve', REVIEWS)).toBeNull();
    expect(readDraft(storage, 'ada', { ...REVIEWS, name: 'ratings' })).toBeNull();
    expect(listDrafts(storage, 'ada', isConfigKind)).toEqual([{ subject: REVIEWS, draft }]);
    const made = { kind: 'VirtualService', namespace: 'bookinfo', name: null } as const;
    writeDraft(storage, 'ada', made, { ...draft, atMs: 4 });
    writeDraft(storage, 'ada', { ...made, like: 'reviews' }, { ...draft, atMs: 3 });
    expect(listDrafts(storage, 'ada', isConfigKind).map(({ subject }) => subject)).toEqual([REVIEWS, made, { ...made, like: 'reviews' }]);
    removeDraft(storage, 'ada', REVIEWS);
    expect(readDraft(storage, 'ada', REVIEWS)).toBeNull();
  });

  it('make room for new ones, the oldest first, and ignore what is not theirs', () => {
    const storage = memory();
    storage.setItem('heddle.theme', 'dark');
    for (let i = 0; i < 40; i++) writeDraft(storage, 'ada', { ...REVIEWS, name: `o${i}` }, { ...draft, atMs: i });
    const left = listDrafts(storage, 'ada', isConfigKind);
    expect(left).toHaveLength(30);
    expect(left[0]?.subject.name).toBe('o39');
    expect(storage.getItem('heddle.theme')).toBe('dark');
  });

  it('say when the browser keeps nothing', () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(writeDraft(full, 'ada', REVIEWS, draft)).toBe(false);
    const odd = memory();
    writeDraft(odd, 'ada', REVIEWS, draft);
    odd.setItem(odd.key(0) ?? '', '{');
    expect(readDraft(odd, 'ada', REVIEWS)).toBeNull();
  });
});
