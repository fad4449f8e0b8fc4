// What a reader of logs has chosen, in the address: which pods and containers, from when, how it is shown. In: texts of the address.
// Out: LogChoice, and the sources that it means. Pure.
import type { ContainerRole, LogPod, LogSource } from '../../model/log';
import { isFinishedPod, MAX_SOURCES } from '../../model/log';

/** Seconds back; 0: the last lines, however old. */
export const SINCE_CHOICES = [
  { value: '', label: 'Last 500 lines' },
  { value: '60', label: 'Last minute' },
  { value: '300', label: 'Last 5 minutes' },
  { value: '900', label: 'Last 15 minutes' },
  { value: '3600', label: 'Last hour' },
  { value: '21600', label: 'Last 6 hours' },
  { value: '86400', label: 'Last day' },
] as const;

export interface NamedSource extends LogSource {
  readonly role: ContainerRole;
  /** Place of the pod among those shown, by which it has its colour. */
  readonly colour: number;
  /** The pod's name without what all of them begin with; '' where there is one pod. */
  readonly short: string;
  /** Its pod has run to its end. */
  readonly finished: boolean;
}

export const splitNames = (text: string): readonly string[] => text.split(',').filter((name) => name !== '');

/** What all names begin with, up to a dash. */
function sharedStart(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length--;
  return rest.length === 0 ? '' : first.slice(0, first.lastIndexOf('-', length - 1) + 1);
}

/** `v3…zn2tr` for `v3-l7gdkqnwnm-zn2tr`: what a replica is known by. */
function shorten(name: string): string {
  const first = name.indexOf('-');
  const last = name.lastIndexOf('-');
  return name.length <= 12 || first === last ? name : `${name.slice(0, first)}…${name.slice(last + 1)}`;
}

/** Names of containers of these pods, each once, programs first. */
export function listContainers(pods: readonly LogPod[]): readonly { readonly name: string; readonly role: ContainerRole }[] {
  const found = new Map<string, ContainerRole>();
  for (const role of ['app', 'proxy', 'init'] as const)
    for (const pod of pods) for (const container of pod.containers) if (container.role === role) found.set(container.name, role);
  return [...found].map(([name, role]) => ({ name, role }));
}

/** Whether any container of these pods was restarted. */
export const hasRestarted = (pods: readonly LogPod[]): boolean =>
  pods.some(({ containers }) => containers.some(({ restarted }) => restarted));

/** Pods that are read where none is chosen: those that run; where none does, those that have run. */
export function standardPods(pods: readonly LogPod[]): readonly LogPod[] {
  const alive = pods.filter((pod) => !isFinishedPod(pod));
  return alive.length === 0 ? pods : alive;
}

export interface LogChosen {
  readonly pods: readonly string[];
  readonly containers: readonly string[];
  /** The log from before the last restart: of containers that have one, if any has. */
  readonly previous: boolean;
}

/** Sources of a choice; empty lists mean the standard pods, and all containers that run as long as their pod. */
export function chooseSources(
  pods: readonly LogPod[],
  { pods: chosenPods, containers: chosenContainers, previous }: LogChosen,
): { readonly sources: readonly NamedSource[]; readonly left: number } {
  const wanted = chosenPods.length === 0 ? standardPods(pods) : pods.filter(({ name }) => chosenPods.includes(name));
  const onlyRestarted = previous && hasRestarted(wanted);
  const start = sharedStart(pods.map(({ name }) => name));
  const all = wanted.flatMap((pod, i) =>
    pod.containers
      .filter(({ name, role }) => (chosenContainers.length === 0 ? role !== 'init' : chosenContainers.includes(name)))
      .filter(({ restarted }) => restarted || !onlyRestarted)
      .map(
        ({ name, role }): NamedSource => ({
          pod: pod.name,
          container: name,
          role,
          colour: i % 8,
          short: pods.length === 1 ? '' : shorten(pod.name.slice(start.length) || pod.name),
          finished: isFinishedPod(pod),
        }),
      ),
  );
  return { sources: all.slice(0, MAX_SOURCES), left: Math.max(0, all.length - MAX_SOURCES) };
}
