// Places a row of things as near as possible to where each wants to be, without changing their order or letting them overlap.
// In: wishes, weights, distances. Out: positions. Weighted isotonic regression by pooling adjacent violators. Pure.

export interface Wish {
  /** Wanted position. */
  readonly at: number;
  /** > 0. */
  readonly weight: number;
  /** Least distance to the one before; ignored for the first. */
  readonly distance: number;
}

interface Pool {
  sum: number;
  weight: number;
  count: number;
}

/** Positions in the given order with at least the given distances, least squares from the wishes. */
export function placeInOrder(wishes: readonly Wish[]): number[] {
  const pools: Pool[] = [];
  let offset = 0;
  const offsets = wishes.map((wish, i) => {
    if (i > 0) offset += wish.distance;
    return offset;
  });
  wishes.forEach((wish, i) => {
    let pool: Pool = { sum: (wish.at - (offsets[i] ?? 0)) * wish.weight, weight: wish.weight, count: 1 };
    for (let before = pools.at(-1); before && before.sum / before.weight > pool.sum / pool.weight; before = pools.at(-1)) {
      pools.pop();
      pool = { sum: before.sum + pool.sum, weight: before.weight + pool.weight, count: before.count + pool.count };
    }
    pools.push(pool);
  });
  const positions: number[] = [];
  for (const pool of pools) for (let k = 0; k < pool.count; k++) positions.push(pool.sum / pool.weight + (offsets[positions.length] ?? 0));
  return positions;
}
