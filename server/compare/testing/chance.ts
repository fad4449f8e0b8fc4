// Random numbers of the distributions that traffic has. In: uniform random numbers, a mean. Out: draws.

/** Standard normal (Box and Muller). */
export const normalOf = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Poisson: by multiplication (Knuth), above 200 by its normal limit. */
export function poissonOf(random: () => number, mean: number): number {
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalOf(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count++;
  }
  return count;
}
