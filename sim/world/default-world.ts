// The world a newcomer meets: Bookinfo, Online Boutique, and around them what real meshes have. In: WorldOptions. Out: World.
import { buildAccess } from './access';
import { buildBookinfo } from './bookinfo';
import { buildBoutique } from './boutique';
import { buildPlatform } from './platform';
import { buildSurroundings } from './surroundings';
import { joinParts, type World, type WorldOptions } from './world';

const DAY_MS = 86_400_000;

/** The default world; its platform is 30 days old, its applications two. */
export function buildDefaultWorld(options: WorldOptions): World {
  const { seed, nowMs } = options;
  const platform = { seed, createdAtMs: nowMs - 30 * DAY_MS };
  const stamp = { seed, createdAtMs: nowMs - 2 * DAY_MS };
  return joinParts(seed, stamp.createdAtMs, [
    buildPlatform(platform),
    { objects: buildAccess(platform), behaviours: [], externals: [], loads: [] },
    buildBookinfo(stamp),
    buildBoutique(stamp),
    buildSurroundings(stamp),
  ]);
}
