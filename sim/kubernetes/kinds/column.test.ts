// Ages, JSON paths, pod status and version order, as kubectl shows them.
import { describe, expect, it } from 'vitest';
import { buildPod } from '../fixtures/small-cluster';
import { humanDuration, readJsonPath } from './column';
import { compareVersions, KindRegistry } from './kind-registry';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

describe('humanDuration', () => {
  it.each([
    [-5 * SECOND, '<invalid>'],
    [0, '0s'],
    [119 * SECOND, '119s'],
    [120 * SECOND, '2m'],
    [125 * SECOND, '2m5s'],
    [11 * 60 * SECOND, '11m'],
    [179 * 60 * SECOND, '179m'],
    [3 * HOUR + 60 * SECOND, '3h1m'],
    [9 * HOUR, '9h'],
    [47 * HOUR, '47h'],
    [50 * HOUR, '2d2h'],
    [8 * DAY, '8d'],
    [729 * DAY, '729d'],
    [731 * DAY, '2y1d'],
    [9 * 365 * DAY, '9y'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(humanDuration(durationMs)).toBe(text);
  });
});

it('reads the JSON paths of CRD columns', () => {
  const gateway = {
    status: {
      addresses: [{ value: '1.2.3.4' }],
      conditions: [
        { type: 'Accepted', status: 'True' },
        { type: 'Programmed', status: 'False' },
      ],
    },
  };
  expect(readJsonPath(gateway, '.status.addresses[*].value')).toBe('1.2.3.4');
  expect(readJsonPath(gateway, '.status.addresses[0].value')).toBe('1.2.3.4');
  expect(readJsonPath(gateway, '.status.conditions[?(@.type=="Programmed")].status')).toBe('False');
  expect(readJsonPath(gateway, '.spec.hosts')).toBeUndefined();
});

it('orders versions as Kubernetes does', () => {
  expect(['v1alpha3', 'v1', 'v2beta1', 'v1beta1', 'v2', 'v1alpha2'].sort(compareVersions)).toEqual([
    'v2',
    'v1',
    'v2beta1',
    'v1beta1',
    'v1alpha3',
    'v1alpha2',
  ]);
});

describe('pod status', () => {
  const status = new KindRegistry().findByResource('pods')?.columns.find((column) => column.name === 'Status');
  const show = (state: unknown, phase = 'Running') => {
    const pod = buildPod('a');
    return status?.cell({ ...pod, status: { phase, containerStatuses: [{ name: 'reviews', ready: false, state }] } }, 0);
  };

  it('tells why a container waits or ended', () => {
    expect(show({ waiting: { reason: 'CrashLoopBackOff' } })).toBe('CrashLoopBackOff');
    expect(show({ terminated: { reason: 'OOMKilled' } })).toBe('OOMKilled');
    expect(show({ terminated: { exitCode: 3 } })).toBe('ExitCode:3');
    expect(show(undefined, 'Pending')).toBe('Pending');
  });
});
