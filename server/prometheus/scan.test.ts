// The byte scanner against JSON.parse: any labels, any chunking, any order; memory under churn; everything that is not a vector.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { type ScannedVector, VectorScanner } from './scan';
import { SeriesIndex } from './series-index';

const LABELS = ['a', 'b', '__proto__'];
type Element = readonly [metric: Record<string, string>, value: string];

const metricText = (metric: Record<string, string>): string =>
  `{${Object.entries(metric)
    .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
    .join(',')}}`;
const body = (elements: readonly Element[], after = ''): string =>
  `{"status":"success","data":{"resultType":"vector","result":[${elements.map(([metric, value]) => `{"metric":${metricText(metric)},"value":[1700000000.5,"${value}"]}`).join(',')}]}${after}}`;

function scan(text: string | Buffer, index = new SeriesIndex(), chunkBytes = 1 << 20): ScannedVector {
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
  const scanner = new VectorScanner(index, LABELS);
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
  return scanner.end();
}
const rows = (vector: ScannedVector): unknown[] => Array.from(vector.slots, (slot, i) => [vector.labels[slot], vector.values[i]]);
const labelled = (a: string, b = '', proto = ''): string[] => [a, b, proto];

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
const PIECES = [
  '"',
  '\\',
  '\n',
  '\u0000',
  '\u2028',
  'é',
  '😀',
  '</script>',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"value":[',
  ']}',
  'x',
  ' ',
  '\ud800',
];
const randomText = (random: () => number): string =>
  Array.from({ length: Math.floor(random() * 8) }, () => PIECES[Math.floor(random() * PIECES.length)] ?? '').join('');

describe('VectorScanner', () => {
  it('reads what JSON.parse reads, for hostile label values in any chunks and from poll to poll', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomOf(seed);
      const index = new SeriesIndex();
      const pool: Element[] = Array.from({ length: 30 }, (_, i) => [
        { a: `${i}${randomText(random)}`, ...(random() < 0.5 ? { b: randomText(random) } : {}), ['__proto__']: randomText(random) },
        String(random() * 10 ** Math.floor(random() * 12 - 6)),
      ]);
      for (let poll = 0; poll < 4; poll++) {
        const elements = pool.filter(() => random() < 0.8).sort(() => random() - 0.5);
        const text = body(elements);
        const expected = (
          JSON.parse(text) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
        ).data.result.map(({ metric, value }) => {
          const own = new Map(Object.entries(metric));
          return [LABELS.map((name) => own.get(name) ?? ''), Number(value[1])];
        });
        // A lone surrogate cannot be written as UTF-8: both sides see what the bytes say.
        const viaBytes = JSON.parse(Buffer.from(JSON.stringify(expected)).toString('utf8')) as unknown;
        expect(rows(scan(text, index, 1 + Math.floor(random() * 40)))).toEqual(viaBytes);
      }
    }
  });

  it('gives the same slot and the same label array to a series in later results, whatever their order', () => {
    const index = new SeriesIndex();
    const elements: Element[] = Array.from({ length: 50 }, (_, i) => [{ a: `s${i}` }, '1']);
    const first = scan(body(elements), index);
    const shuffled = scan(body([...elements].reverse()), index);
    const slotOf = (vector: ScannedVector, a: string): number => vector.slots.find((slot) => vector.labels[slot]?.[0] === a) ?? -1;
    for (const name of ['s0', 's17', 's49']) {
      expect(slotOf(shuffled, name)).toBe(slotOf(first, name));
      expect(shuffled.labels[slotOf(shuffled, name)]).toBe(first.labels[slotOf(first, name)]);
    }
  });

  it('finds its place again after a series that came and one that went', () => {
    const index = new SeriesIndex();
    const names = (list: readonly string[]): string => body(list.map((a) => [{ a }, '1']));
    for (const list of [
      ['p', 'q', 'r', 's'],
      ['p', 'new', 'q', 's'],
      ['q', 's'],
      ['r', 'p'],
      ['p', 'q', 'r', 's'],
    ])
      expect(rows(scan(names(list), index))).toEqual(list.map((a) => [labelled(a), 1]));
  });

  it('leaves a result as it was while later results give its slots away', () => {
    const index = new SeriesIndex();
    const old = scan(body([[{ a: 'old' }, '1']]), index);
    for (let poll = 0; poll < 6; poll++) scan(body([[{ a: `new${poll}` }, '1']]), index);
    expect(rows(old)).toEqual([[labelled('old'), 1]]);
    expect(index.capacity).toBeLessThan(6);
  });

  it('keeps its memory bounded over 1,000 results of which a tenth of the series is new each time', () => {
    const index = new SeriesIndex();
    const size = 300;
    let next = 0;
    const current = Array.from({ length: size }, () => next++);
    let half = 0;
    for (let poll = 0; poll < 1000; poll++) {
      for (let i = 0; i < size / 10; i++) current[Math.floor((poll * 31 + i * 7) % size)] = next++;
      scan(body(current.map((n) => [{ a: `workload-with-a-long-name-${n}`, b: 'x'.repeat(100) }, '1'])), index);
      if (poll === 500) half = index.arenaBytes;
    }
    expect(next).toBeGreaterThan(25_000);
    expect(index.size).toBeLessThan(size * 1.5);
    expect(index.capacity).toBeLessThan(size * 2);
    expect(index.arenaBytes).toBeLessThanOrEqual(Math.max(half * 1.5, 256 * 1024));
  });

  it('drops NaN and infinite values but remembers their series', () => {
    const index = new SeriesIndex();
    const vector = scan(
      body([
        [{ a: 'n' }, 'NaN'],
        [{ a: 'i' }, '+Inf'],
        [{ a: 'j' }, '-Inf'],
        [{ a: 'k' }, '-1.5e-7'],
      ]),
      index,
    );
    expect(rows(vector)).toEqual([[labelled('k'), -1.5e-7]]);
    expect(index.size).toBe(4);
  });

  it('reads white space, unknown fields, warnings and infos as other backends write them', () => {
    const text = `\n{ "status" : "success", "isPartial":true, "data" : { "resultType" : "vector", "result" : [ { "metric" : { "a" : "x" } , "value" : [ 1.5 , "2" ] } ,\n { "metric":{}, "value":[1,"3"] } ] , "stats":{"seriesFetched":"2"}}, "warnings":["store lost"], "infos":["not a counter"] }\n`;
    for (const chunk of [1, 7, 4096]) {
      const vector = scan(text, new SeriesIndex(), chunk);
      expect(rows(vector)).toEqual([
        [labelled('x'), 2],
        [labelled(''), 3],
      ]);
      expect(vector.warnings).toEqual(['store lost', 'the backend marked its answer as partial']);
      expect(vector.infos).toEqual(['not a counter']);
    }
  });

  it('reads invalid UTF-8 and a label of 100 kB', () => {
    const long = 'y'.repeat(100_000);
    const bytes = Buffer.concat([
      Buffer.from('{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`","b":"${long}"},"value":[1,"1"]}]}}`),
    ]);
    for (const chunk of [1000, 1 << 20]) expect(rows(scan(bytes, new SeriesIndex(), chunk))).toEqual([[labelled('\ufffd\ufffd', long), 1]]);
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<!doctype html><title>Log in</title>'],
    ['a number', '17'],
    ['JSON without result', '{"status":"success","data":{}}'],
    ['half an answer', body([[{ a: 'x' }, '1']]).slice(0, -20)],
    ['an answer without its end', body([[{ a: 'x' }, '1']]).slice(0, -1)],
    ['text after the end', `${body([])}x`],
    ['a matrix', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]]}]}}'],
    ['an error with status success missing', body([]).replace('"success"', '"weird"')],
    ['a number as value', body([]).replace('[]', '[{"metric":{},"value":[1,2]}]')],
    ['an empty value', body([[{ a: 'x' }, '']])],
    ['a hexadecimal value', body([[{ a: 'x' }, '0x10']])],
    ['a word as value', body([[{ a: 'x' }, 'Infinity']])],
    ['a blank value', body([[{ a: 'x' }, ' ']])],
    ['a label that is a number', body([]).replace('[]', '[{"metric":{"a":1},"value":[1,"2"]}]')],
    ['a label that is an object', body([]).replace('[]', '[{"metric":{"a":{}},"value":[1,"2"]}]')],
    ['a broken escape', body([]).replace('[]', '[{"metric":{"a":"\\x"},"value":[1,"2"]}]')],
    ['two commas', body([]).replace('[]', '[{"metric":{},"value":[1,"2"]},,{"metric":{},"value":[1,"2"]}]')],
    ['a comma at the end', body([]).replace('[]', '[{"metric":{},"value":[1,"2"]},]')],
    [
      'a series twice',
      body([
        [{ a: 'x' }, '1'],
        [{ a: 'x' }, '2'],
      ]),
    ],
    ['a native histogram', body([]).replace('[]', '[{"metric":{},"histogram":[1,{}]}]')],
    [
      'a result elsewhere',
      '{"status":"success","stats":{"result":[{"metric":{},"value":[1,"2"]}]},"data":{"resultType":"vector","result":[]}}',
    ],
  ])('refuses %s', (_, text) => {
    for (const chunk of [3, 1 << 20]) {
      const run = (): unknown => scan(text, new SeriesIndex(), chunk);
      expect(run).toThrow(Failure);
      expect(run).toThrow(/not a Prometheus answer/);
    }
  });

  it('says what the backend says when it answers 200 with an error', () => {
    expect(() =>
      scan('{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}'),
    ).toThrow(/refused the query for its size: query processing/);
  });
});

describe('numbers', () => {
  it('are read as JavaScript reads them, to the last bit', () => {
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    };
    const texts = [
      '0',
      '0.0',
      '1',
      '007',
      '12.5',
      '0.8666666666666667',
      '9007199254740991',
      '9007199254740993',
      '0.1',
      '123456789012345678901',
      '5e-324',
      '1e+21',
    ];
    for (let i = 0; i < 5000; i++) texts.push(String(random() * 10 ** Math.floor(random() * 24 - 8)));
    for (const [i, text] of texts.entries()) {
      const scanner = new VectorScanner(new SeriesIndex(), ['a']);
      scanner.push(
        Buffer.from(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"${i}"},"value":[1,"${text}"]}]}}`),
      );
      expect([text, scanner.end().values[0]]).toEqual([text, Number(text)]);
    }
  });

  it.each(['', '.', '1.', '.5', '1..2', '1.2.3', '--1', '0x1', ' 1', '1e', 'Infinity'])('%j is refused or read strictly', (text) => {
    const scanner = new VectorScanner(new SeriesIndex(), ['a']);
    const body = Buffer.from(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"x"},"value":[1,"${text}"]}]}}`);
    let value: number | string | undefined;
    try {
      scanner.push(body);
      [value] = scanner.end().values;
    } catch (error) {
      value = error instanceof Error ? error.name : 'thrown';
    }
    const isNumber = /^\d*\.?\d*$/.test(text) && text !== '' && text !== '.';
    expect(value).toEqual(isNumber ? Number(text) : 'Failure');
  });
});
