// The one label that names the edge of a recorded histogram: read back as it was joined, and not at all where that is not sure.
import { expect, it } from 'vitest';
import { JOINED, readJoined } from './edge-sums';

const labels = (edge: string) => (name: string) => (name === JOINED.label ? edge : name === 'le' ? '25' : '');
const PARTS = ['pay', 'pay.pay.svc.cluster.local', 'pay', 'web', 'pay-v1', 'http', 'one', ''];

it('reads every part, and labels that stand apart', () => {
  const read = readJoined(labels(PARTS.join(JOINED.separator)));
  expect(JOINED.parts.map((name) => read?.(name))).toEqual(PARTS);
  expect(read?.('le')).toBe('25');
});

it('refuses a name with the separator in it, and one that is no edge', () => {
  expect(readJoined(labels(PARTS.with(1, 'a|b').join(JOINED.separator)))).toBeNull();
  expect(readJoined(labels(''))).toBeNull();
});
