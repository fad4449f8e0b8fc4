// Writes samples, stale markers included, into a Prometheus by its remote-write protocol (protobuf in snappy).
// In: series with samples. Out: requests to /api/v1/write; rejects on any answer but success.
// https://prometheus.io/docs/specs/prw/remote_write_spec/

export interface WrittenSample {
  readonly timestampMs: number;
  readonly value: number;
  readonly isStale: boolean;
}

export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly WrittenSample[];
}

// 0x7ff0000000000002, little-endian: value.StaleNaN in Prometheus.
const STALE_MARKER = Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f);
const WIRE_LENGTH = 2;
const MAX_LITERAL_BYTES = 65_536;

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function encodeField(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([encodeVarint(number * 8 + WIRE_LENGTH), encodeVarint(bytes.length), bytes]);
}

function encodeSample({ timestampMs, value, isStale }: WrittenSample): Buffer {
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  return Buffer.concat([Uint8Array.of(9), isStale ? STALE_MARKER : double, Uint8Array.of(16), encodeVarint(timestampMs)]);
}

function encodeSeries({ labels, samples }: WrittenSeries): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    parts.push(encodeField(1, Buffer.concat([encodeField(1, Buffer.from(name)), encodeField(2, Buffer.from(value))])));
  }
  for (const sample of samples) parts.push(encodeField(2, encodeSample(sample)));
  return Buffer.concat(parts);
}

// Snappy's block format with literals only: valid, merely not small.
function wrapInSnappy(bytes: Buffer): Buffer {
  const parts: Uint8Array[] = [encodeVarint(bytes.length)];
  for (let from = 0; from < bytes.length; from += MAX_LITERAL_BYTES) {
    const literal = bytes.subarray(from, from + MAX_LITERAL_BYTES);
    const length = literal.length - 1;
    parts.push(Uint8Array.of(61 << 2, length & 255, length >> 8), literal);
  }
  return Buffer.concat(parts);
}

/** Sends one request with all the series given. */
export async function writeRemotely(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const body = wrapInSnappy(Buffer.concat(series.map((one) => encodeField(1, encodeSeries(one)))));
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf', 'x-prometheus-remote-write-version': '0.1.0' },
    body: new Uint8Array(body),
  });
  if (!response.ok) throw new Error(`remote write answered ${response.status}: ${await response.text()}`);
}
