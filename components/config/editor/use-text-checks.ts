'use client';
// The checks of a text in React: one reader and one TextChecks per mounted editor. In: the first text, the schema, how an edit is made of a text.
// Out: their state and the handle for edits.
import { startTransition, useEffect, useMemo, useRef, useState } from 'react';
import type { ConfigRef, Edit } from '../../../model/edit';
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

export function useTextChecks(options: Options): LiveChecks {
  const { initialText, editedRef, schema } = options;
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const [reader] = useState(() => createTextClient());
  const [checks] = useState(
    () =>
      new TextChecks(initialText, {
        reader,
        refuses: (report) => refusesText(report, latest.current.editedRef),
        postCheck: async (text, signal) => {
          const { csrfToken, makeEdit, fetch } = latest.current;
          const path = withBase('/api/changes/check');
          const body = await sendJson(path, {
            body: { edits: [makeEdit(text)] },
            csrfToken,
            signal,
            deadlineMs: DEADLINE_MS,
            ...(fetch === undefined ? {} : { fetch }),
          });
          if (isCheck(body)) return body;
          throw new ProblemError({
            title: 'The answer is not what this page expects',
            detail: `${path} has another shape, which happens when the console was updated while the page was open.`,
            next: 'Reload the page; the draft stays in this browser.',
            status: null,
            code: null,
          });
        },
        startTimer: (delayMs, callback) => {
          const timer = setTimeout(callback, delayMs);
          return () => clearTimeout(timer);
        },
        keep: (text) => latest.current.keep(text),
      }),
  );
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
