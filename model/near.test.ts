// Tests of names that are nearly so: into words and out of them.
import { expect, it } from 'vitest';
import { readNear, wordNear } from './near';

it('come out of their words as they went in', () => {
  for (const names of [[], ['shop'], ['shop/cart.v2', 'shop/cart-v3']])
    expect(readNear(wordNear(names, 'Correct the address. Then go on.'))).toEqual({ names, rest: 'Correct the address. Then go on.' });
  expect(readNear('Named nearly so')).toEqual({ names: [], rest: 'Named nearly so' });
});
