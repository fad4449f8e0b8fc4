// Tests of what the kubelet says of containers: those that never come, run, end for good, and are started again.
import { describe, expect, it } from 'vitest';
import { buildContainers, isStartable } from './container-status';

const START = Date.UTC(2026, 0, 1);
const started = (restartPolicy = 'Always', restarts = 0) => ({ startedAtMs: START, readyAtMs: START + 3000, restarts, restartPolicy });
const RUNS = { name: 'web', image: 'example.com/web:1' };
const ENDS = { name: 'copy', image: 'example.com/copy:1', command: ['true'] };
const FAILS = { name: 'copy', image: 'example.com/copy:1', command: ['false'] };

describe('containers', () => {
  it('wait for their image, for ever where there is no such registry', () => {
    const waiting = { ...started(), readyAtMs: null };
    const lost = { name: 'lost', image: 'registry.invalid/lost:1' };
    expect(buildContainers([RUNS, lost], waiting)).toMatchObject({
      phase: 'Pending',
      ready: false,
      statuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }, { state: { waiting: { reason: 'ImagePullBackOff' } } }],
    });
    const pod = (containers: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } });
    expect([isStartable(pod([RUNS])), isStartable(pod([RUNS, lost]))]).toEqual([true, false]);
  });

  it('run, and tell of the container before where they were killed', () => {
    expect(buildContainers([RUNS], started())).toMatchObject({ phase: 'Running', ready: true, statuses: [{ restartCount: 0 }] });
    expect(buildContainers([RUNS], started('Always', 2)).statuses[0]).toMatchObject({
      restartCount: 2,
      lastState: { terminated: { reason: 'OOMKilled' } },
    });
  });

  it('end with the pod where they are not started again', () => {
    expect(buildContainers([ENDS], started('Never'))).toMatchObject({ phase: 'Succeeded', ready: false });
    expect(buildContainers([ENDS], started('OnFailure'))).toMatchObject({ phase: 'Succeeded' });
    expect(buildContainers([ENDS, FAILS], started('Never'))).toMatchObject({ phase: 'Failed' });
    // A proxy that runs for ever keeps the pod.
    expect(buildContainers([ENDS, RUNS], started('Never'))).toMatchObject({ phase: 'Running', ready: false });
  });

  it('are started again and given up for a while', () => {
    for (const policy of ['Always', 'OnFailure'])
      expect(buildContainers([FAILS], started(policy))).toMatchObject({
        phase: 'Running',
        ready: false,
        statuses: [{ restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } }],
      });
  });
});
