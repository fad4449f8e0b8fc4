'use client';
// The text of one object in CodeMirror: YAML, completion and hover by schema, marks in the text and the gutter. In: a text, a schema, marks.
// Out: what is written, without a rendering per key. Loaded only by the pages that edit.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, forEachDiagnostic, lintGutter, lintKeymap, nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { completeBySchema, explainBySchema } from './complete';
import { completeByMesh, explainHosts, type MeshContext } from './complete-mesh';
import styles from './editor.module.css';
import type { EditorMark } from './editor-marks';
import { editorLook } from './editor-theme';
import { type ObjectSchema, prepareSchema } from './object-schema';

export interface YamlEditorApi {
  text(): string;
  /** Replaces the whole text, undoably. */
  replace(text: string): void;
  jumpTo(mark: EditorMark): void;
  nextMark(): void;
  focus(): void;
}

interface Props {
  readonly ref?: Ref<YamlEditorApi>;
  readonly initialText: string;
  /** Where the cursor stands at first; null: at the top, and without the focus. */
  readonly openAt?: number | null;
  /** JSON of /api/config/schema/{kind}; null while it is not there. */
  readonly schema: unknown;
  /** Names that are completed and explained. */
  readonly mesh: MeshContext;
  readonly marks: readonly EditorMark[];
  readonly readOnly: boolean;
  readonly name: string;
  /** The text changed; called for each key, so it must be quick. */
  readonly onEdit: (text: () => string) => void;
  /** Ctrl+Enter, Ctrl+S. */
  readonly onSubmit: () => void;
}

const toDiagnostic = (mark: EditorMark, length: number): readonly Diagnostic[] =>
  mark.range === null
    ? []
    : [
        {
          from: Math.min(mark.range.from, length),
          to: Math.min(mark.range.to, length),
          severity: mark.severity,
          message: `${mark.code === null ? '' : `${mark.code}: `}${mark.message}${mark.more === '' ? '' : `\n${mark.more}`}`,
          source: mark.key,
        },
      ];

/** Everything that does not depend on the props. */
export const basicEditing = (): Extension => [
  lineNumbers(),
  highlightActiveLineGutter(),
  foldGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  editorLook(),
];

export function YamlEditor({ ref, initialText, openAt = null, schema, mesh, marks, readOnly, name, onEdit, onSubmit }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const known = useRef<ObjectSchema | null>(null);
  const latest = useRef({ onEdit, onSubmit });
  const locked = useRef(new Compartment());
  const first = useRef({ initialText, openAt, readOnly, name, mesh });

  useEffect(() => {
    latest.current = { onEdit, onSubmit };
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const submit = (): boolean => {
      latest.current.onSubmit();
      return true;
    };
    const { mesh } = first.current;
    const schemaNow = (): ObjectSchema | null => known.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current.initialText,
        selection: { anchor: Math.min(first.current.openAt ?? 0, first.current.initialText.length) },
        extensions: [
          keymap.of([
            { key: 'Mod-Enter', run: submit },
            { key: 'Mod-s', run: submit, preventDefault: true },
          ]),
          basicEditing(),
          lintGutter(),
          autocompletion({ override: [completeBySchema(schemaNow), completeByMesh(() => mesh)], icons: false }),
          explainBySchema(schemaNow),
          explainHosts(() => mesh),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
            indentWithTab,
          ]),
          locked.current.of(EditorState.readOnly.of(first.current.readOnly)),
          EditorView.contentAttributes.of({ 'aria-label': first.current.name, spellcheck: 'false', translate: 'no' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onEdit(() => update.view.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    if (first.current.openAt !== null) {
      editor.dispatch({ effects: EditorView.scrollIntoView(editor.state.selection.main, { y: 'center' }) });
      editor.focus();
    }
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    known.current = schema === null ? null : prepareSchema(schema);
  }, [schema]);

  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const { length } = editor.state.doc;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        marks.flatMap((mark) => toDiagnostic(mark, length)),
      ),
    );
  }, [marks]);

  useImperativeHandle(
    ref,
    () => ({
      text: () => view.current?.state.doc.toString() ?? '',
      replace: (text) => {
        const editor = view.current;
        editor?.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
      },
      jumpTo: (mark) => {
        const editor = view.current;
        if (editor === null || mark.range === null) return;
        // Keys since the last check have moved what it marked.
        let { from } = mark.range;
        forEachDiagnostic(editor.state, (diagnostic, start) => {
          if (diagnostic.source === mark.key) from = start;
        });
        editor.dispatch({
          selection: { anchor: Math.min(from, editor.state.doc.length) },
          effects: EditorView.scrollIntoView(from, { y: 'center' }),
        });
        editor.focus();
      },
      nextMark: () => {
        if (view.current !== null) nextDiagnostic(view.current);
      },
      focus: () => view.current?.focus(),
    }),
    [],
  );

  return <div ref={host} className={styles['editor']} />;
}
