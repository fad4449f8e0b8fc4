// Saved questions to the evaluator, all in one ConfigMap. In: KeptMaps. Out: CaseStore.
import * as v from 'valibot';
import { Failure } from '../../model/failure';
import type { SavedCase } from '../../model/steering';
import type { CaseStore } from '../ports';
import type { KeptMap, KeptMaps } from './kept-map';

const NAME = 'heddle-cases';
const LABELS = { 'app.kubernetes.io/managed-by': 'heddle', 'heddle.dev/cases': 'true' };
const MAX_CASES = 300;
const MAX_BYTES = 900_000;
const ATTEMPTS = 5;

const text = v.pipe(v.string(), v.maxLength(2048));
const savedCase = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  question: v.object({
    source: v.object({ namespace: text, workload: text }),
    host: text,
    port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
    protocol: v.picklist(['http', 'grpc', 'tcp', 'tls']),
    method: text,
    path: text,
    headers: v.record(v.string(), text),
  }),
  expected: text,
});

/** A case of foreign JSON; null where it is none. */
export function decodeCase(value: unknown): SavedCase | null {
  const parsed = v.safeParse(savedCase, value);
  return parsed.success ? parsed.output : null;
}

function casesOf(map: KeptMap | null): readonly SavedCase[] {
  return Object.values(map?.data ?? {})
    .flatMap((one) => {
      try {
        const decoded = decodeCase(JSON.parse(one));
        return decoded === null ? [] : [decoded];
      } catch {
        // Written by hand: not ours to mend.
        return [];
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export function createCases(maps: KeptMaps): CaseStore {
  /** Changes the map; whoever was faster is read again. */
  async function change(edit: (data: ReadonlyMap<string, string>) => ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const map = await maps.read(NAME, signal);
      const data = Object.fromEntries(edit(new Map(Object.entries(map?.data ?? {}))));
      const bytes = Object.values(data).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
      if (Object.keys(data).length > MAX_CASES || bytes > MAX_BYTES)
        throw new Failure(
          'tooLarge',
          `there is room for ${MAX_CASES} cases of ${MAX_BYTES} bytes together`,
          'Remove some that nobody needs.',
        );
      try {
        const content = { name: NAME, labels: LABELS, data };
        await (map === null ? maps.create(content, signal) : maps.update(content, map.version, signal));
        return;
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'conflict' || attempt === ATTEMPTS) throw error;
      }
    }
  }
  return {
    list: async (signal) => casesOf(await maps.read(NAME, signal)),
    save: (value, signal) => change((data) => new Map(data).set(value.id, JSON.stringify(value)), signal),
    remove: (id, signal) => change((data) => new Map([...data].filter(([key]) => key !== id)), signal),
  };
}
