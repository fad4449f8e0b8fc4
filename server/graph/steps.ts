// The enrichments of a graph, in order. In: Draft. Out: the same Draft, complete. Each step has its own file and tests.
import type { Step } from './draft';
import { addRoutingBadges, collectHosts, cutBadges } from './steps/badges';
import { arrangeBoxes } from './steps/boxes';
import { dropDeadNodes } from './steps/dead-nodes';
import { cutToBudget } from './steps/draw-budget';
import { explainNodes } from './steps/explanations';
import { addIdleEdges, addMessages } from './steps/extras';
import { keepAroundFocus } from './steps/focus';
import { foldNodes } from './steps/fold';
import { judgeEdges, judgeNodes } from './steps/health';
import { countHiddenPeers } from './steps/hidden-peers';
import { dropHidden } from './steps/hide';
import { foldHubs } from './steps/hubs';
import { addIdleNodes, markIdleNodes } from './steps/idle-nodes';
import { measureLatency } from './steps/latency';
import { writeNotes } from './steps/notes';
import { addOperations } from './steps/operations';
import { markOutside, markRoots } from './steps/outside';
import { keepPaths } from './steps/paths';
import { rankNodes } from './steps/ranks';
import { tellShown } from './steps/shown';
import { sumTotals } from './steps/totals';
import { sumTraffic } from './steps/traffic';
import { dropWaypoints } from './steps/waypoints';

export const STEPS: readonly Step[] = [
  { name: 'idle nodes', apply: addIdleNodes },
  { name: 'messages', apply: addMessages },
  { name: 'idle edges', apply: addIdleEdges },
  { name: 'waypoints', apply: dropWaypoints },
  { name: 'dead nodes', apply: dropDeadNodes },
  { name: 'idle marks', apply: markIdleNodes },
  { name: 'traffic', apply: sumTraffic },
  { name: 'node health', apply: judgeNodes },
  { name: 'hide', apply: dropHidden },
  { name: 'focus', apply: keepAroundFocus },
  { name: 'paths', apply: keepPaths },
  { name: 'totals', apply: sumTotals },
  { name: 'fold', apply: foldNodes },
  { name: 'hidden peers', apply: countHiddenPeers },
  { name: 'hosts', apply: collectHosts },
  { name: 'visible badges', apply: cutBadges },
  { name: 'routing badges', apply: addRoutingBadges },
  { name: 'edge health', apply: judgeEdges },
  { name: 'latency', apply: measureLatency },
  { name: 'operations', apply: addOperations },
  { name: 'outside', apply: markOutside },
  { name: 'roots', apply: markRoots },
  { name: 'ranks', apply: rankNodes },
  { name: 'boxes and labels', apply: arrangeBoxes },
  { name: 'explanations', apply: explainNodes },
  { name: 'hubs', apply: foldHubs },
  { name: 'draw budget', apply: cutToBudget },
  { name: 'shown', apply: tellShown },
  { name: 'notes', apply: writeNotes },
];
