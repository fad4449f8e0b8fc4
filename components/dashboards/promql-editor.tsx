'use client';
// PromQL in CodeMirror: highlighting, completion and errors by Prometheus' own language support. In: a text. Out: what is written.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { type ReactNode, useEffect, useRef } from 'react';
import type { PanelDocument } from '../../model/dashboard';
import editorStyles from '../config/editor/editor.module.css';
import { editorLook } from '../config/editor/editor-theme';
import { withBase } from '../ui/base-path';
import { fetchJson } from '../ui/fetch-json';
import { isPanel } from './dashboard-guards';
import styles from './dashboards.module.css';
import { createPromqlSource } from './promql-source';

interface Props {
  readonly text: string;
  readonly onEdit: (text: string) => void;
  /** Ctrl+Enter. */
  readonly onSubmit: () => void;
}

const COMPLETION_DEADLINE_MS = 5000;

async function askVector(promql: string): Promise<PanelDocument['series']> {
  const query = new URLSearchParams({ promql, range: '0s' });
  const document = await fetchJson(withBase(`/api/query?${query.toString()}`), {
    guard: isPanel,
    signal: AbortSignal.timeout(COMPLETION_DEADLINE_MS),
    deadlineMs: COMPLETION_DEADLINE_MS,
  });
  return document.series;
}

export function PromqlEditor({ text, onEdit, onSubmit }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onEdit, onSubmit });
  const first = useRef(text);
  useEffect(() => {
    latest.current = { onEdit, onSubmit };
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const language = new PromQLExtension().setComplete({ remote: createPromqlSource(askVector) });
    const submit = (): boolean => {
      latest.current.onSubmit();
      return true;
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: submit }])),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          language.asExtension(),
          editorLook(),
          EditorView.lineWrapping,
          // Tab leaves the editor: it is a field of a form.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': 'PromQL', spellcheck: 'false', translate: 'no' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onEdit(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      language.destroy();
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  return <div ref={host} className={`${editorStyles['editor'] ?? ''} ${styles['editor']}`} />;
}
