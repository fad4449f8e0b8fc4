// A simulated mesh in a process of its own. In: which Prometheus. Out: addresses and the kubeconfig.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, startNode } from './child';

const ROOT = join(__dirname, '..');

export interface SimulatedMesh {
  readonly prometheus: string;
  readonly prometheusKind: string;
  readonly kubernetes: string;
  /** Path of the kubeconfig; its current context is the administrator. */
  readonly kubeconfig: string;
  readonly scrapeSeconds: number;
  close(): Promise<void>;
}

type Ready = Pick<SimulatedMesh, 'prometheus' | 'prometheusKind' | 'kubernetes' | 'kubeconfig'>;

const isReady = (x: unknown): x is Ready =>
  typeof x === 'object' &&
  x !== null &&
  'ready' in x &&
  ['prometheus', 'prometheusKind', 'kubernetes', 'kubeconfig'].every(
    (name) => typeof Object.entries(x).find(([key]) => key === name)?.[1] === 'string',
  );

function decodeReady(line: string): Ready | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(line);
    return isReady(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Starts one; ready when its API answers and its first samples are there. `auto`: the real Prometheus where there is one. */
export async function startSimulatedMesh(prometheus: 'real' | 'embedded' | 'auto'): Promise<SimulatedMesh> {
  const data = mkdtempSync(join(tmpdir(), 'heddle-e2e-'));
  const scrapeSeconds = 5;
  const flags = { data, prometheus, scrape: `${scrapeSeconds}s`, 'prometheus-port': String(await findFreePort()) };
  const child = startNode(
    ['--import', 'tsx', join(ROOT, 'sim', 'main.ts'), ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
    ROOT,
  );
  const close = async (): Promise<void> => {
    await child.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { ...(await child.firstLine(decodeReady)), scrapeSeconds, close };
  } catch (error) {
    await close();
    throw error;
  }
}
