// What a line of a log says: its level, its fields. In: text. Out: DecodedLine. Never fails: what is not understood is plain text. Pure, and
// linear in the length of the line: programs write what they like.
import { type AccessLog, isTcp, readAccessJson, readAccessText } from './access-log';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LineLevel = (typeof LOG_LEVELS)[number];

export interface DecodedLine {
  /** `access`: of Envoy; `pairs`: key=value (logfmt). */
  readonly kind: 'text' | 'json' | 'pairs' | 'access';
  readonly level: LineLevel | null;
  /** In their order; values as text. */
  readonly fields: ReadonlyMap<string, string>;
  readonly access: AccessLog | null;
}

const NONE: ReadonlyMap<string, string> = new Map();
const MAX_FIELDS = 80;
const MAX_DEPTH = 3;
/** Levels stand at the beginning. */
const HEAD = 160;

const LEVEL_WORDS: Readonly<Record<string, LineLevel>> = {
  emerg: 'error',
  emergency: 'error',
  alert: 'error',
  fatal: 'error',
  panic: 'error',
  dpanic: 'error',
  critical: 'error',
  crit: 'error',
  severe: 'error',
  error: 'error',
  err: 'error',
  warning: 'warn',
  warn: 'warn',
  notice: 'info',
  info: 'info',
  information: 'info',
  informational: 'info',
  default: 'info',
  debug: 'debug',
  fine: 'debug',
  trace: 'debug',
  verbose: 'debug',
};

const levelOfWord = (word: string): LineLevel | null => {
  const key = word.toLowerCase();
  return Object.hasOwn(LEVEL_WORDS, key) ? (LEVEL_WORDS[key] ?? null) : null;
};

const UPPER = /\b(EMERG|ALERT|FATAL|PANIC|CRITICAL|CRIT|SEVERE|ERROR|ERR|WARNING|WARN|NOTICE|INFO|DEBUG|FINE|TRACE)\b/;
// `\tinfo\t` (Istio, zap), `[error]`, `warning:`, `level=info`. Lower-case words in prose are no levels.
const LOWER =
  /(?:\t|\[|level="?|lvl=|severity=)(emerg|alert|fatal|panic|critical|crit|error|err|warning|warn|notice|info|debug|trace)(?=[\t\]" :]|$)|^(fatal|panic|error|warning|warn|info|debug):/i;
// klog: `E1128 05:00:00.000000       1 main.go:1] ...`
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
const KLOG_LEVELS: Readonly<Record<string, LineLevel>> = { I: 'info', W: 'warn', E: 'error', F: 'error' };

function levelOfText(text: string): LineLevel | null {
  const head = text.length > HEAD ? text.slice(0, HEAD) : text;
  const klog = KLOG.exec(head)?.[1];
  if (klog !== undefined) return KLOG_LEVELS[klog] ?? null;
  const lower = LOWER.exec(head);
  const word = lower?.[1] ?? lower?.[2] ?? UPPER.exec(head)?.[1];
  return word === undefined ? null : levelOfWord(word);
}

/** By status and flags: 5xx, no response and a flag that is not the caller's doing are errors. */
export function levelOfAccess(log: AccessLog): LineLevel {
  const { response_code: code, response_flags: flags } = log;
  const isFlagged = flags !== '-' && flags !== '';
  if (flags === 'DC') return 'warn';
  if (code.startsWith('5') || (code === '0' && !isTcp(log))) return 'error';
  if (isFlagged && flags !== 'DI' && flags !== 'RFCF') return 'error';
  return code.startsWith('4') ? 'warn' : 'info';
}

const LEVEL_KEYS = ['severity', 'level', 'lvl', 'log.level', 'loglevel', 'logLevel', 'levelname', 'severity_text', '@level'];
// pino and bunyan: 10 to 60.
const levelOfNumber = (value: number): LineLevel | null =>
  value >= 50 ? 'error' : value >= 40 ? 'warn' : value >= 30 ? 'info' : value >= 10 ? 'debug' : null;

function levelOfFields(fields: ReadonlyMap<string, string>): LineLevel | null {
  for (const key of LEVEL_KEYS) {
    const value = fields.get(key);
    if (value === undefined) continue;
    return /^\d+$/.test(value) ? levelOfNumber(Number(value)) : levelOfWord(value);
  }
  return null;
}

function flatten(value: unknown, name: string, depth: number, fields: Map<string, string>): void {
  if (fields.size >= MAX_FIELDS) return;
  if (typeof value === 'string') fields.set(name, value);
  else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < MAX_DEPTH)
    for (const [key, inner] of Object.entries(value)) flatten(inner, name === '' ? key : `${name}.${key}`, depth + 1, fields);
  else fields.set(name, JSON.stringify(value));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readJson(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

// A value in quotes ends at the first quote without a backslash; no part of this can be read in two ways.
const PAIR = /([A-Za-z_@][\w.@/-]{0,80})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g;
const MAX_PAIRS_LENGTH = 8_192;

function readPairs(text: string): ReadonlyMap<string, string> {
  if (text.length > MAX_PAIRS_LENGTH || !text.includes('=')) return NONE;
  const fields = new Map<string, string>();
  let first = -1;
  for (const { 1: key = '', 2: quoted, 3: plain = '', index } of text.matchAll(PAIR)) {
    if (first < 0) first = index;
    fields.set(key, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
    if (fields.size >= MAX_FIELDS) break;
  }
  // A lonely `a=b` in prose, or a query string, is no logfmt.
  if (fields.size < 3) return NONE;
  const words = text.slice(0, first).trim();
  return words === '' ? fields : new Map([['message', words], ...fields]);
}

export function decodeLine(raw: string): DecodedLine {
  const text = raw.trim();
  const accessText = readAccessText(text);
  if (accessText !== null) return ofAccess(accessText);
  const json = readJson(text);
  if (json !== null) {
    const access = readAccessJson(json);
    if (access !== null) return ofAccess(access);
    const fields = new Map<string, string>();
    flatten(json, '', 0, fields);
    return { kind: 'json', level: levelOfFields(fields), fields, access: null };
  }
  const pairs = readPairs(text);
  if (pairs.size > 0) return { kind: 'pairs', level: levelOfFields(pairs) ?? levelOfText(text), fields: pairs, access: null };
  return { kind: 'text', level: levelOfText(text), fields: NONE, access: null };
}

const ofAccess = (access: AccessLog): DecodedLine => ({
  kind: 'access',
  level: levelOfAccess(access),
  fields: new Map(Object.entries(access)),
  access,
});
