// Command line of the simulated mesh: `tsx sim/main.ts [options]`. Prints one JSON line when it is ready and runs until it is told to stop.
// In: flags (see USAGE). Out: URLs on stdout; problems on stderr with exit code 1 or, for wrong flags, 2.
import { parseArgs } from 'node:util';
import { type Simulation, type SimulationOptions, startSimulation } from './simulation';

const USAGE = `usage: tsx sim/main.ts [options]
  --world default|large      Bookinfo and Online Boutique, or a generated mesh (default: default)
  --services N               services of the large world (default 2000)
  --series full|compact      metrics of the large world (default compact)
  --seed S                   seed of everything random (default 1)
  --kube-port P              port of the Kubernetes API (default: a free one)
  --metrics-port P           port of the metrics endpoint (default: a free one)
  --prometheus MODE          auto, real, embedded or none (default auto)
  --prometheus-port P        port of Prometheus (default: a free one)
  --data DIR                 scratch directory (default: a temporary one)
  --kubeconfig FILE          where to write the kubeconfig (default: DIR/kubeconfig)
  --scrape 5s                scrape interval in seconds (default 5s; large world 15s)
  --openid-port P            also start an OpenID provider on this port (0: a free one); needs --console-url
  --console-url URL          address of the console that people log in to; may be given several times
  --chatty N                 the program of the first pod of bookinfo/ratings-v1 writes N lines a second (default: it does not)
  --history 30m              past that charts find at the start, in minutes (default 30m; large world 3m)`;

class UsageError extends Error {}

function wholeNumber(flag: string, text: string | undefined, unit = ''): number | undefined {
  if (text === undefined) return undefined;
  const digits = unit !== '' && text.endsWith(unit) ? text.slice(0, -unit.length) : text;
  if (!/^\d{1,9}$/.test(digits))
    throw new UsageError(`--${flag} wants a whole number${unit === '' ? '' : ` with "${unit}"`}, not "${text}"`);
  return Number(digits);
}

function oneOf<T extends string>(flag: string, text: string | undefined, choices: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((c) => c === text);
  if (found === undefined) throw new UsageError(`--${flag} wants one of ${choices.join(', ')}, not "${text}"`);
  return found;
}

function parseFlags(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...args],
    strict: true,
    options: {
      world: text,
      services: text,
      series: text,
      seed: text,
      'kube-port': text,
      'metrics-port': text,
      prometheus: text,
      'prometheus-port': text,
      data: text,
      kubeconfig: text,
      scrape: text,
      history: text,
      chatty: text,
      'openid-port': text,
      'console-url': { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  }).values;
}

/** Options of a command line, null when it asks for help. @throws UsageError naming the flag and what it wants. */
function readOptions(args: readonly string[]): SimulationOptions | null {
  let values: ReturnType<typeof parseFlags>;
  try {
    values = parseFlags(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return null;
  const scrapeSeconds = wholeNumber('scrape', values.scrape, 's');
  if (scrapeSeconds === 0) throw new UsageError('--scrape wants at least 1s');
  const given = {
    world: oneOf('world', values.world, ['default', 'large']),
    services: wholeNumber('services', values.services),
    series: oneOf('series', values.series, ['full', 'compact']),
    seed: wholeNumber('seed', values.seed),
    kubePort: wholeNumber('kube-port', values['kube-port']),
    metricsPort: wholeNumber('metrics-port', values['metrics-port']),
    prometheus: oneOf('prometheus', values.prometheus, ['auto', 'real', 'embedded', 'none']),
    prometheusPort: wholeNumber('prometheus-port', values['prometheus-port']),
    directory: values.data,
    kubeconfig: values.kubeconfig,
    scrapeSeconds,
    historyMinutes: wholeNumber('history', values.history, 'm'),
    chatty: readChatty(wholeNumber('chatty', values.chatty)),
    openid: readLogin(wholeNumber('openid-port', values['openid-port']), values['console-url']),
  };
  return withoutUndefined(given);
}

const readChatty = (linesPerSecond: number | undefined): SimulationOptions['chatty'] =>
  linesPerSecond === undefined || linesPerSecond === 0 ? undefined : { workload: 'bookinfo/ratings-v1', linesPerSecond };

function readLogin(port: number | undefined, consoleUrls: readonly string[] | undefined): SimulationOptions['openid'] {
  if (port === undefined && consoleUrls === undefined) return undefined;
  if (port === undefined || consoleUrls === undefined) throw new UsageError('--openid-port and --console-url go together');
  const wrong = consoleUrls.find((url) => !/^https?:/.test(url) || !URL.canParse(url));
  if (wrong !== undefined) throw new UsageError(`--console-url wants http://host:port/path, not "${wrong}"`);
  return { port, consoleUrls };
}

// Absent flags are absent options: the defaults live in startSimulation.
function withoutUndefined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in given) {
    const value = given[key];
    if (isGiven(value)) kept[key] = value;
  }
  return kept;
}

const isGiven = <V>(value: V): value is Exclude<V, undefined> => value !== undefined;

/** Closes on the first signal, also when that comes while the simulation is still starting. */
function closeOnSignals(starting: Promise<Simulation>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    starting
      .then((simulation) => simulation.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const starting = startSimulation(options);
  closeOnSignals(starting);
  const simulation = await starting;
  const ready = {
    ready: true,
    kubernetes: simulation.kubernetes.url,
    prometheus: simulation.prometheus?.url ?? null,
    prometheusKind: simulation.prometheus?.kind ?? 'none',
    kubeconfig: simulation.kubeconfig,
    metrics: simulation.metrics.url,
    openid:
      simulation.openid === null ? null : { issuer: simulation.openid.provider.issuer, environment: simulation.openid.login.environment },
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

main().catch((error: unknown) => {
  const wrongFlags = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${wrongFlags ? `${USAGE}\n` : ''}`);
  process.exit(wrongFlags ? 2 : 1);
});
