// How far the heaps of this process grow before they are collected. In: nothing. Out: a setting of V8 for every thread, from then on.
import { setFlagsFromString } from 'node:v8';

/**
 * A console keeps the last graph and little else for long: its heaps may be larger by this much than what was alive in them. V8 alone
 * would let them be several times as large on machines with much memory, as a cluster's nodes are, and give none of it back.
 */
const GROWTH_PERCENT = 30;

/** Called when the start is over, for a heap that grows for the first time would be collected again and again. */
export const boundHeapGrowth = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
