// What the console's raw numbers in the browser say, against their budgets. In: repeats. Out: measurements. Pure.
import type { Measurement } from '../report';
import { least, median, most } from '../statistics';
import type { ConsoleRun } from './console-runs';
import type { Drawn } from './drawn';
import type { ListRun } from './list-runs';
import { smoothnessRows } from './rows';

/** A rule of thumb of the graph, "about": failing edges go beyond it. */
const DRAWN = { nodes: 150, edges: 250 } as const;
const LONG_TASK_MS = 50;

/** The large world as it opens: folded. */
export function consoleMeasurements(services: number, runs: readonly ConsoleRun[]): readonly Measurement[] {
  const afterData = runs.map((run) => run.pictureMs - run.dataMs);
  const pictures = runs.map((run) => run.pictureMs);
  const interactive = runs.map((run) => run.interactiveMs);
  return [
    {
      name: `${services} services, folded: data to picture`,
      value: least(afterData),
      unit: 'ms',
      budget: { atMost: 1000 },
      note: `median ${median(afterData).toFixed(0)}; data ${least(runs.map((run) => run.dataMs)).toFixed(0)} ms after navigation`,
    },
    {
      name: '  picture after navigation',
      value: least(pictures),
      unit: 'ms',
      budget: null,
      note: `median ${median(pictures).toFixed(0)}; nothing is cached`,
    },
    {
      name: '  interactive after navigation',
      value: least(interactive),
      unit: 'ms',
      budget: { atMost: 2000 },
      note: `median ${median(interactive).toFixed(0)}: drawn, and no long task after it`,
    },
    ...(['pan', 'zoom'] as const).flatMap((gesture) =>
      smoothnessRows(
        `  default view: ${gesture}`,
        runs.map((run) => run[gesture]),
        { fps: 55, p95: 20 },
      ),
    ),
  ];
}

export function drawnMeasurements(drawn: Drawn): readonly Measurement[] {
  const beyond = Math.max(0, drawn.failing - DRAWN.edges);
  return [
    { name: '  nodes drawn', value: drawn.nodes, unit: 'count', budget: { atMost: DRAWN.nodes }, note: `of ${drawn.wholeNodes}` },
    {
      name: '  edges drawn',
      value: drawn.edges,
      unit: 'count',
      budget: { atMost: DRAWN.edges + beyond },
      note: `of ${drawn.wholeEdges}; ${drawn.failing} of them fail`,
    },
    { name: '  failing edges left out', value: drawn.failingLeftOut, unit: 'count', budget: { atMost: 0 }, note: 'between what is drawn' },
    {
      name: '  failing calls of the whole mesh not to be seen',
      value: drawn.wholeFailingUnseen,
      unit: 'count',
      budget: { atMost: 0 },
      note: `of ${drawn.wholeFailing}: no edge stands for them, and no failing folded node`,
    },
  ];
}

/** A list of many services. */
export function listMeasurements(runs: readonly ListRun[]): readonly Measurement[] {
  const [first] = runs;
  if (!first) return [];
  const rows = runs.map((run) => run.pictureMs);
  const longest = runs.map((run) => Math.max(0, ...run.scrollingLong.map(([, ms]) => ms)));
  return [
    {
      name: `list of ${first.rows} services: first rows after navigation`,
      value: least(rows),
      unit: 'ms',
      budget: { atMost: 1000 },
      note: `median ${median(rows).toFixed(0)}; the rows came ${least(runs.map((run) => run.dataMs)).toFixed(0)} ms after navigation, asked ${least(runs.map((run) => run.answerMs)).toFixed(0)} ms before, ${(first.answerBytes / 1e3).toFixed(0)} kB on the wire`,
    },
    {
      name: '  interactive after navigation',
      value: least(runs.map((run) => run.interactiveMs)),
      unit: 'ms',
      budget: null,
      note: `median ${median(runs.map((run) => run.interactiveMs)).toFixed(0)}`,
    },
    {
      name: '  longest task while scrolling',
      value: least(longest),
      unit: 'ms',
      budget: { atMost: LONG_TASK_MS },
      note: `median ${median(longest).toFixed(0)}; 0 = none of ${LONG_TASK_MS} ms or more; ${most(runs.map((run) => run.scrolledPx)).toFixed(0)} px scrolled`,
    },
    ...smoothnessRows(
      '  scrolling',
      runs.map((run) => run.scroll),
      { fps: null, p95: null },
    ),
  ];
}
