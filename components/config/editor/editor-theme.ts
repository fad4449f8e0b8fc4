// How the YAML editor looks: PatternFly's tokens, so that dark and light follow the page. In: nothing. Out: CodeMirror extensions.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const token = (name: string): string => `var(--pf-t--global--${name})`;

const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--heddle-yaml-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--heddle-yaml-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.keyword], color: 'var(--heddle-yaml-word)' },
  { tag: [tags.comment, tags.lineComment], color: token('text--color--subtle'), fontStyle: 'italic' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: token('text--color--subtle') },
]);

const THEME = EditorView.theme({
  '&': { color: token('text--color--regular'), backgroundColor: token('background--color--primary--default'), height: '100%' },
  '&.cm-focused': { outline: `2px solid ${token('color--brand--default')}`, outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: token('font--family--mono'),
    fontSize: token('font--size--body--sm'),
    lineHeight: '1.55',
  },
  '.cm-content': { caretColor: token('text--color--regular'), padding: '8px 0' },
  '.cm-cursor': { borderInlineStartColor: token('text--color--regular') },
  '.cm-gutters': {
    color: token('text--color--subtle'),
    backgroundColor: token('background--color--secondary--default'),
    borderInlineEnd: `1px solid ${token('border--color--default')}`,
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--heddle-yaml-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--heddle-yaml-selection)',
  },
  '.cm-tooltip': {
    color: token('text--color--regular'),
    backgroundColor: token('background--color--floating--default'),
    border: `1px solid ${token('border--color--default')}`,
    borderRadius: token('border--radius--small'),
    boxShadow: token('box-shadow--md'),
    maxWidth: 'min(34rem, 90vw)',
  },
  '.cm-tooltip .cm-completionInfo': { maxWidth: '22rem', maxHeight: '18rem', overflow: 'auto', whiteSpace: 'normal' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: token('text--color--regular'),
    backgroundColor: 'var(--heddle-yaml-selection)',
  },
  '.cm-completionDetail': { color: token('text--color--subtle'), fontStyle: 'normal' },
  '.heddle-hover': { padding: '6px 10px', maxHeight: '18rem', overflow: 'auto' },
  '.heddle-hover span': { color: token('text--color--subtle') },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'pre-wrap', borderInlineStart: 'none' },
  '.cm-diagnostic-error': { borderInlineStart: `4px solid ${token('border--color--status--danger--default')}` },
  '.cm-diagnostic-warning': { borderInlineStart: `4px solid ${token('border--color--status--warning--default')}` },
  '.cm-diagnostic-info': { borderInlineStart: `4px solid ${token('border--color--status--info--default')}` },
  '.cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info': { backgroundImage: 'none', textDecorationThickness: '2px' },
  '.cm-lintRange-error': { textDecoration: `underline wavy ${token('icon--color--status--danger--default')}` },
  '.cm-lintRange-warning': { textDecoration: `underline wavy ${token('icon--color--status--warning--default')}` },
  '.cm-lintRange-info': { textDecoration: `underline dotted ${token('icon--color--status--info--default')}` },
  '.cm-panels': {
    color: token('text--color--regular'),
    backgroundColor: token('background--color--secondary--default'),
    borderColor: token('border--color--default'),
  },
  '.cm-panels input, .cm-panels button': {
    color: token('text--color--regular'),
    backgroundColor: token('background--color--primary--default'),
    backgroundImage: 'none',
    border: `1px solid ${token('border--color--default')}`,
    borderRadius: token('border--radius--small'),
  },
  '.cm-foldPlaceholder': {
    color: token('text--color--subtle'),
    backgroundColor: 'transparent',
    borderColor: token('border--color--default'),
  },
  '.cm-collapsedLines': {
    color: token('text--color--subtle'),
    background: token('background--color--secondary--default'),
    fontFamily: token('font--family--body'),
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"···"' },
  '.cm-changedLine': { backgroundColor: 'var(--heddle-yaml-changed) !important' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--heddle-yaml-removed) !important' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': { background: 'var(--heddle-yaml-removed-text)' },
  '&.cm-merge-b .cm-changedText, .cm-changedText': { background: 'var(--heddle-yaml-changed-text)' },
});

/** The nonce under which CodeMirror may add its styles: that of the page's own first script (the attribute is hidden, the property is not). */
export function readNonce(): string {
  const script = document.querySelector('script[nonce]');
  return script instanceof HTMLScriptElement ? script.nonce : '';
}

export const editorLook = (): Extension => [EditorView.cspNonce.of(readNonce()), THEME, syntaxHighlighting(HIGHLIGHT)];
