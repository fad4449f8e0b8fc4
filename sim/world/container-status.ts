// What the kubelet says of the containers of a pod: waiting, running, ended, started again. Pure. In: containers of a spec, instants. Out: statuses.
// Programs run for ever, but `true` and `false` end at once, as they do everywhere; images of `registry.invalid` never come (RFC 2606).
import { isRecord, listOf, recordOf, textOf } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import { timeText } from './objects';
import { uuidOf } from './random';

type Raw = Readonly<Record<string, unknown>>;

const isPullable = (image: string): boolean => !image.startsWith('registry.invalid/');

/** Exit code of a program that ends; null: it runs for ever. */
function exitCodeOf(container: Raw): number | null {
  const [program] = listOf(container['command']);
  return program === 'true' ? 0 : program === 'false' ? 1 : null;
}

/** Started so often, and given up for a while each time, when it is looked at. */
const CRASHES = 4;

/** Whether the kubelet gets to start the containers of a pod at all. */
export const isStartable = (pod: KubeObject): boolean =>
  listOf(recordOf(pod['spec'])['containers'])
    .filter(isRecord)
    .every(({ image }) => isPullable(textOf(image) ?? ''));

export interface Containers {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly ready: boolean;
  readonly statuses: readonly Raw[];
}

interface Started {
  readonly startedAtMs: number;
  /** Null: not yet. */
  readonly readyAtMs: number | null;
  /** Of the first container. */
  readonly restarts: number;
  readonly restartPolicy: string;
}

function stateOf(container: Raw, restarts: number, { startedAtMs, readyAtMs, restartPolicy }: Started): Raw {
  if (readyAtMs === null) {
    const reason = isPullable(textOf(container['image']) ?? '') ? 'ContainerCreating' : 'ImagePullBackOff';
    return { ready: false, started: false, restartCount: restarts, state: { waiting: { reason } } };
  }
  const startedAt = timeText(startedAtMs + 1500);
  const finishedAt = timeText(readyAtMs);
  const exitCode = exitCodeOf(container);
  if (exitCode === null) {
    const lastState =
      restarts === 0 ? {} : { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', startedAt, finishedAt: startedAt } } };
    return { ready: true, started: true, restartCount: restarts, state: { running: { startedAt } }, ...lastState };
  }
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt, finishedAt };
  if (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0))
    return { ready: false, started: false, restartCount: restarts, state: { terminated } };
  return {
    ...{ ready: false, started: false, restartCount: CRASHES },
    ...{ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated } },
  };
}

const exitOf = (status: Raw): number | null => {
  const code = recordOf(recordOf(status['state'])['terminated'])['exitCode'];
  return typeof code === 'number' ? code : null;
};

export function buildContainers(containers: readonly Raw[], started: Started): Containers {
  const statuses = containers.map((container, i): Raw => {
    const image = textOf(container['image']) ?? '';
    return {
      name: textOf(container['name']) ?? '',
      image,
      imageID: `sha256:${uuidOf(image).replaceAll('-', '')}${uuidOf(`${image}/2`).replaceAll('-', '')}`,
      ...stateOf(container, i === 0 ? started.restarts : 0, started),
    };
  });
  const exits = statuses.map(exitOf);
  const over = exits.length > 0 && exits.every((code) => code !== null);
  return {
    phase: started.readyAtMs === null ? 'Pending' : !over ? 'Running' : exits.every((code) => code === 0) ? 'Succeeded' : 'Failed',
    ready: statuses.every(({ ready }) => ready === true),
    statuses,
  };
}
