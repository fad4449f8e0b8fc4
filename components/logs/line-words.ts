// What stands beside a line: its level in a word, or the status and flags of a request; instants as a reader wants them. In: DecodedLine, texts.
// Out: words. Lines are decoded when they are seen, and once.
import { isTcp } from '../../model/access-log';
import { type DecodedLine, decodeLine, type LineLevel } from '../../model/log-decode';
import { listFlagWords, wordCode } from '../panel/response-words';
import type { KeptLine } from './log-store';

const decoded = new WeakMap<KeptLine, DecodedLine>();

export function decodeKept(line: KeptLine): DecodedLine {
  const known = decoded.get(line);
  if (known !== undefined) return known;
  const fresh = decodeLine(line.text ?? '');
  decoded.set(line, fresh);
  return fresh;
}

const LEVEL_WORDS: Readonly<Record<LineLevel, string>> = { error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG' };

export interface Badge {
  readonly text: string;
  readonly title: string;
  readonly level: LineLevel;
}

/** `503 UH` of a request, ERROR of a program; null where the line says nothing of it. */
export function badgeOf(line: DecodedLine): Badge | null {
  const { level, access } = line;
  if (level === null) return null;
  if (access === null) return { text: LEVEL_WORDS[level], title: `Level: ${level}`, level };
  const { response_code: code, response_flags: flags } = access;
  const shown = isTcp(access) ? 'TCP' : code;
  const flag = flags === '-' || flags === '' ? '' : ` ${flags}`;
  const words = [isTcp(access) ? 'TCP connection' : wordCode(code, 'http'), ...listFlagWords(flags).map(({ meaning }) => meaning)];
  return { text: `${shown}${flag}`, title: words.filter((word) => word !== '').join('; '), level };
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `05:00:00.123`, of the reader's own clock or UTC. */
export function wordInstant(at: string, utc: boolean): string {
  if (utc) return at.slice(11, 23);
  const date = new Date(`${at.slice(0, 23)}Z`);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${at.slice(19, 23)}`;
}
