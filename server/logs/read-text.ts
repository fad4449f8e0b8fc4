// Whole logs as text for a file: one container as it wrote it, several merged by time with their names; bounded, and the end says so.
// In: LogSourcePort, LogQuery. Out: chunks, made as fast as they are taken.
import { type LogSource, MAX_LINE_BYTES, MAX_TEXT_BYTES } from '../../model/log';
import { type LogQuery, sourceKey } from '../../model/log-query';
import type { ClusterCredential, LogAnswer, LogSourcePort } from '../ports';
import { type LogLine, readLine } from './read-line';
import { LineSplitter } from './split-lines';

export interface TextParts {
  readonly port: LogSourcePort;
  readonly credential: ClusterCredential;
  readonly namespace: string;
}

const CHUNK_SIZE = 64 * 1024;
const ENCODER = new TextEncoder();

async function* linesOf(answer: Extract<LogAnswer, { outcome: 'open' }>): AsyncGenerator<LogLine> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  let ready: LogLine[] = [];
  const take = (raw: string, cut: number): void => {
    const line = readLine(raw, cut);
    if (line !== null) ready.push(line);
  };
  for await (const chunk of answer.chunks) {
    splitter.push(chunk, take);
    const lines = ready;
    ready = [];
    yield* lines;
  }
  splitter.end(take);
  yield* ready;
}

const textOf = (source: LogSource, isAlone: boolean, { at, text, cut }: LogLine): string =>
  `${at} ${isAlone ? '' : `${sourceKey(source)} `}${text}${cut > 0 ? ` … (${cut} bytes more)` : ''}\n`;

/** Opens every container first: `refused` tells those that brought nothing. */
export async function openText(
  { port, credential, namespace }: TextParts,
  { sources, previous, sinceSeconds }: Pick<LogQuery, 'sources' | 'previous' | 'sinceSeconds'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<{ readonly refused: readonly Extract<LogAnswer, { outcome: 'refused' }>[]; readonly chunks: AsyncIterable<Uint8Array> }> {
  const sinceTime = sinceSeconds === null ? null : new Date(nowMs - sinceSeconds * 1000).toISOString();
  const answers = await Promise.all(
    sources.map((source) =>
      port.openLog({ ...source, namespace, previous, sinceTime, follow: false, tailLines: null, limitBytes: null }, credential, signal),
    ),
  );
  const open = answers.flatMap((answer, i) => {
    const source = sources[i];
    return answer.outcome === 'open' && source !== undefined ? [{ source, lines: linesOf(answer) }] : [];
  });
  return { refused: answers.filter((answer) => answer.outcome === 'refused'), chunks: mergeText(open, sources.length === 1) };
}

async function* mergeText(
  open: readonly { readonly source: LogSource; readonly lines: AsyncGenerator<LogLine> }[],
  isAlone: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    const heads = await Promise.all(open.map(async ({ lines }) => (await lines.next()).value as LogLine | undefined));
    let text = '';
    let bytes = 0;
    for (;;) {
      let next = -1;
      heads.forEach((line, i) => {
        if (line !== undefined && (next < 0 || line.at < (heads[next]?.at ?? ''))) next = i;
      });
      const from = open[next];
      const line = heads[next];
      if (from === undefined || line === undefined) break;
      text += textOf(from.source, isAlone, line);
      heads[next] = (await from.lines.next()).value as LogLine | undefined;
      if (text.length < CHUNK_SIZE) continue;
      const chunk = ENCODER.encode(text);
      bytes += chunk.length;
      text = '';
      yield chunk;
      if (bytes < MAX_TEXT_BYTES) continue;
      text = `… the log goes on: a file ends after ${MAX_TEXT_BYTES / 1024 / 1024} MiB. Ask for a shorter time, or use kubectl logs.\n`;
      break;
    }
    if (text !== '') yield ENCODER.encode(text);
  } finally {
    await Promise.all(open.map(({ lines }) => lines.return(undefined)));
  }
}
