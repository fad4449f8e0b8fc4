// The count of the logs suite finds what it is there to find.
import { expect, it } from 'vitest';
import { tallyRow } from './suite';

it('tells lost lines from those that were said to be skipped, and disorder', () => {
  const tally = { lines: 0, said: 0, lost: 0, disordered: 0, last: null, skippedSince: 0 };
  const rows: readonly (readonly [string | null, number])[] = [
    ['n=1', 0],
    ['n=2', 0],
    [null, 3],
    ['n=6', 0],
    ['n=9', 0],
    ['n=8', 0],
  ];
  for (const [text, cut] of rows) tallyRow(tally, text, cut);
  expect(tally).toMatchObject({ lines: 5, said: 3, lost: 2, disordered: 1 });
});
