'use client';
// The checks of a text in React: one reader and one TextChecks per mounted editor. In: the first text, the schema, how an edit is made of a text.
// Out: their state and the handle for edits.
import { startTransition, useEffect, useMemo, useState } from 'react';
import type { CheckDocument } from '../../../model/change';
import type { ConfigRef, Edit } from '../../../model/edit';
import type { Finding } from '../../../model/finding';
import { withBase } from '../../ui/base-path';
import { ProblemError } from '../../ui/fetch-json';
import { sendJson } from '../../ui/send-json';
import { isCheck } from '../config-guards';
import { type EditorMark, listMarks, refusesText } from './editor-marks';
import { type ChecksState, TextChecks } from './text-checks';
import { createTextClient } from './text-client';

interface Options {
  readonly initialText: string;
  /** Null: a new object. */
  readonly editedRef: ConfigRef | null;
  readonly schema: unknown;
  readonly csrfToken: string | null;
  readonly makeEdit: (text: string) => Edit;
  /** Text that changes nothing, and the findings of the object as it stands: the plan of no change has none to tell. Null: a new object. */
  readonly standing: { readonly text: string; readonly findings: readonly Finding[] } | null;
  readonly keep: (text: string) => void;
  readonly fetch?: typeof globalThis.fetch;
}

export interface LiveChecks {
  readonly state: ChecksState;
  readonly marks: readonly EditorMark[];
  readonly onEdit: (text: () => string) => void;
  readonly refresh: (text: string) => void;
}

const DEADLINE_MS = 10_000;

function startTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** @throws ProblemError, AbortError */
async function postCheck(
  edit: Edit,
  sending: { readonly csrfToken: string | null; readonly signal: AbortSignal; readonly fetch?: typeof globalThis.fetch },
): Promise<CheckDocument> {
  const path = withBase('/api/changes/check');
  const body = await sendJson(path, { ...sending, body: { edits: [edit] }, deadlineMs: DEADLINE_MS });
  if (isCheck(body)) return body;
  throw new ProblemError({
    title: 'The answer is not what this page expects',
    detail: `${path} has another shape, which happens when the console was updated while the page was open.`,
    next: 'Reload the page; the draft stays in this browser.',
    status: null,
    code: null,
  });
}

const tellStanding = (findings: readonly Finding[]): CheckDocument => ({
  problems: [],
  findings: findings.map((finding) => ({ finding, origin: 'existing' })),
});

export function useTextChecks(options: Options): LiveChecks {
  const { initialText, editedRef, schema, csrfToken, makeEdit, standing, keep, fetch } = options;
  const [reader] = useState(() => createTextClient());
  const [checks] = useState(() => new TextChecks(initialText, { reader, startTimer }));
  useEffect(() => {
    checks.serve({
      refuses: (report) => refusesText(report, editedRef),
      postCheck: (text, signal) =>
        standing?.text === text
          ? Promise.resolve(tellStanding(standing.findings))
          : postCheck(makeEdit(text), { csrfToken, signal, ...(fetch === undefined ? {} : { fetch }) }),
      keep,
    });
  }, [checks, editedRef, csrfToken, makeEdit, standing, keep, fetch]);
  useEffect(() => {
    reader.start();
    checks.start();
    return () => {
      checks.stop();
      reader.stop();
    };
  }, [reader, checks]);
  useEffect(() => {
    reader.setSchema(schema);
    checks.refresh(checks.state().text);
  }, [reader, checks, schema]);
  useEffect(() => {
    const { text } = checks.state();
    if (standing?.text === text) checks.refresh(text);
  }, [checks, standing]);
  // What was found may wait for a key; a key may not wait for it to be drawn.
  const [state, setState] = useState(checks.state);
  useEffect(() => checks.subscribe(() => startTransition(() => setState(checks.state()))), [checks]);
  const { text, report, check, places } = state;
  const marks = useMemo(() => listMarks({ text, report, check, places }, editedRef), [text, report, check, places, editedRef]);
  return useMemo(
    () => ({ state, marks, onEdit: (text: () => string) => checks.edit(text), refresh: (text: string) => checks.refresh(text) }),
    [state, marks, checks],
  );
}
