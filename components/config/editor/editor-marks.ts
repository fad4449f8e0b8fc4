// Everything that is said of a text, in one list: faults of YAML and schema, problems of the plan, findings. In: what was found. Out: EditorMark[]. Pure.
import type { CheckDocument } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import type { FindingFix, FindingSeverity } from '../../../model/finding';
import { decodeKind, sameRef, wordRef } from '../config-kinds';
import type { ChecksState } from './text-checks';
import type { TextIdentity, TextRange, TextReport } from './text-report';

export interface EditorMark {
  readonly key: string;
  readonly severity: FindingSeverity;
  /** Code of a finding; null for faults of the text. */
  readonly code: string | null;
  readonly message: string;
  /** What it does, or what to do. */
  readonly more: string;
  /** Null: it has no place in this text. */
  readonly range: TextRange | null;
  /** Was there before the text was changed. */
  readonly existing: boolean;
  /** Of another object, which the change touches. */
  readonly object: ConfigRef | null;
  readonly fix: FindingFix | null;
}

/** Findings of the server's own look at the schema, which the editor has said already where both point at one place. */
const SCHEMA_CODES: ReadonlySet<string> = new Set(['IST0106', 'IST0133']);

const RANK: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, info: 2 };

/** The offset of a line and column, both from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return Math.min(text.length, at + column - 1);
}

/** Why a text cannot be a change of the object that the editor shows; null: it can. `ref` null: a new object. */
export function refuseIdentity(identity: TextIdentity | null, ref: ConfigRef | null): string | null {
  if (identity === null) return null;
  const { apiVersion, kind, namespace, name } = identity;
  if (apiVersion === '' || kind === '') return 'The object lacks apiVersion or kind, which say what it is.';
  const decoded = decodeKind(apiVersion, kind);
  if (ref === null) {
    if (decoded === null) return `${kind} of ${apiVersion} is none of the kinds that the console changes.`;
    if (name === '') return 'The object needs a name: write metadata.name.';
    return null;
  }
  if (decoded !== ref.kind) return `This editor changes ${wordRef(ref)}; the text is a ${kind} of ${apiVersion}. Put the kind back.`;
  if (name !== ref.name)
    return `This editor changes ${wordRef(ref)}; metadata.name is “${name}”. Put it back; a copy is made with Duplicate.`;
  if (namespace !== ref.namespace && !(namespace === '' && ref.namespace !== ''))
    return `This editor changes ${wordRef(ref)}; metadata.namespace is “${namespace}”. Put it back; an object cannot move.`;
  return null;
}

/** Whether nothing can be planned of a text. */
export const refusesText = (report: TextReport, ref: ConfigRef | null): boolean =>
  report.problems.some(({ blocks }) => blocks) || report.identity === null || refuseIdentity(report.identity, ref) !== null;

/** The part of the checks' state that is about the text. */
export type MarkSources = Pick<ChecksState, 'text' | 'report' | 'check' | 'places'>;

const first = (text: string): TextRange => ({ from: 0, to: Math.max(0, text.indexOf('\n')) });

function marksOfCheck(
  check: CheckDocument,
  { text, places }: MarkSources,
  ref: ConfigRef | null,
  taken: ReadonlySet<number>,
): EditorMark[] {
  const marks: EditorMark[] = [];
  check.problems.forEach((problem, i) => {
    const at = problem.line === undefined ? null : offsetOf(text, problem.line, problem.column ?? 1);
    const range = places[i] ?? (at === null ? null : { from: at, to: Math.min(text.length, at + 1) }) ?? first(text);
    // The schema in the browser said it already.
    if (taken.has(range.from)) return;
    const { message, next } = problem;
    marks.push({ key: `p${i}`, severity: 'error', code: null, message, more: next, range, existing: false, object: null, fix: null });
  });
  check.findings.forEach(({ finding, origin }, i) => {
    if (origin === 'mended') return;
    const own = ref !== null && sameRef(finding.object, ref);
    if (!own && origin === 'existing') return;
    const { code, severity, message, consequence, fix, object } = finding;
    const range = own ? (places[check.problems.length + i] ?? first(text)) : null;
    if (range !== null && SCHEMA_CODES.has(code) && taken.has(range.from)) return;
    marks.push({
      key: `f${i}`,
      severity,
      code,
      message,
      more: consequence,
      range,
      existing: origin === 'existing',
      object: own ? null : object,
      fix,
    });
  });
  return marks;
}

/** The object that the text of a new object names; null where it names none. */
function readRef(identity: TextIdentity | null): ConfigRef | null {
  if (identity === null) return null;
  const kind = decodeKind(identity.apiVersion, identity.kind);
  return kind === null ? null : { kind, namespace: identity.namespace, name: identity.name };
}

/** Worst first, then by place. */
export function listMarks(state: MarkSources, ref: ConfigRef | null): readonly EditorMark[] {
  const { report, check, text } = state;
  if (report === null) return [];
  const faults: EditorMark[] = report.problems.map(({ message, from, to }, i) => ({
    key: `t${i}`,
    severity: 'error',
    code: null,
    message,
    more: '',
    range: { from, to },
    existing: false,
    object: null,
    fix: null,
  }));
  const wrong = refuseIdentity(report.identity, ref);
  if (wrong !== null)
    faults.unshift({
      key: 'identity',
      severity: 'error',
      code: null,
      message: wrong,
      more: '',
      range: first(text),
      existing: false,
      object: null,
      fix: null,
    });
  const taken = new Set(faults.flatMap(({ range }) => (range === null ? [] : [range.from])));
  const marks = [...faults, ...(check === null ? [] : marksOfCheck(check, state, ref ?? readRef(report.identity), taken))];
  return marks.sort((a, b) => RANK[a.severity] - RANK[b.severity] || (a.range?.from ?? Infinity) - (b.range?.from ?? Infinity));
}

/** "2 errors, 1 warning"; "nothing wrong" for none. */
export function wordMarks(marks: readonly EditorMark[]): string {
  const count = (severity: FindingSeverity): number => marks.filter((mark) => mark.severity === severity).length;
  const words = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('info'), 'remark'],
  ] as const;
  const said = words.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}${n === 1 ? '' : 's'}`);
  return said.length === 0 ? 'nothing wrong' : said.join(', ');
}
