// Tests of the renderer: each construct of Go templates that the chart uses, against what Go prints for it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mergeValues, renderChart } from './render-chart';
import { readTemplate } from './template-syntax';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The text of one template with these values. */
function render(template: string, values: Readonly<Record<string, unknown>> = {}): string {
  folder = mkdtempSync(join(tmpdir(), 'heddle-chart-'));
  mkdirSync(join(folder, 'templates'));
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files', 'a.yaml'), '- a\n- b\n');
  writeFileSync(join(folder, 'Chart.yaml'), 'name: demo\nversion: 1.2.3\nappVersion: "4"\n');
  writeFileSync(join(folder, 'values.yaml'), JSON.stringify(values));
  writeFileSync(join(folder, 'values.schema.json'), '{}');
  writeFileSync(join(folder, 'templates', 'x.txt'), template);
  return renderChart(folder, {}, { name: 'r', namespace: 'n' }).texts.get('x.txt') ?? '';
}

describe('a template', () => {
  it.each<readonly [string, string, string, Readonly<Record<string, unknown>>]>([
    ['prints fields', '{{ .Values.a.b }}/{{ .Release.Name }}/{{ .Chart.AppVersion }}', '1/r/4', { a: { b: 1 } }],
    ['trims', 'a  {{- .Values.x -}}\n  b{{ .Values.x }} c', 'aXbX c', { x: 'X' }],
    ['keeps what is not trimmed', 'a {{ .Values.x }} b', 'a X b', { x: 'X' }],
    ['drops comments', 'a{{/* {{ no }} */}}b{{- /* c */ -}} d', 'abd', {}],
    ['chooses', '{{ if eq .Values.a 1 }}one{{ else if .Values.b }}b{{ else }}no{{ end }}', 'b', { a: 2, b: 'x' }],
    ['sees what is empty', '{{ if .Values.a }}y{{ else }}n{{ end }}{{ if .Values.b }}y{{ else }}n{{ end }}', 'nn', { a: {}, b: 0 }],
    ['ranges over lists', '{{ range .Values.a }}{{ . }},{{ end }}', '1,2,', { a: [1, 2] }],
    ['ranges over maps by key', '{{ range $k, $v := .Values.a }}{{ $k }}={{ $v }} {{ end }}', 'a=1 b=2 ', { a: { b: 2, a: 1 } }],
    ['ranges over nothing', '{{ range .Values.a }}x{{ else }}none{{ end }}', 'none', { a: [] }],
    ['keeps the root in a range', '{{ range .Values.a }}{{ $.Values.b }}{{ . }}{{ end }}', 'z1z2', { a: [1, 2], b: 'z' }],
    ['moves the dot', '{{ with .Values.a }}{{ .b }}{{ else }}none{{ end }}', '1', { a: { b: 1 } }],
    ['pipes', '{{ .Values.a | default "x" | quote }}', '"x"', { a: '' }],
    ['nests', '{{ default (printf "%s-%s" .Values.a "b") .Values.c }}', 'a-b', { a: 'a' }],
    ['assigns', '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2', {}],
    ['declares within a block', '{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}', '1', {}],
    ['reads fields of variables', '{{ $x := .Values.a }}{{ $x.b | default "none" }}', 'none', { a: {} }],
    ['includes', '{{ define "t" }}<{{ .a }}>{{ end }}{{ include "t" .Values }}', '<1>', { a: 1 }],
    ['writes YAML', 'x:\n  {{- toYaml .Values.a | nindent 2 }}', 'x:\n  a: "1"\n  b:\n    - c', { a: { b: ['c'], a: '1' } }],
    ['reads files', '{{ .Files.Get "files/a.yaml" | indent 2 }}', '  - a\n  - b\n  ', {}],
  ])('%s', (_name, template, expected, values) => {
    expect(render(template, values)).toBe(expected);
  });

  it.each([
    ['{{ if .Values.a }}x', /end is missing|end or else/],
    ['{{ end }}', /closes nothing/],
    ['{{ nonsense 1 }}', /does not know the function nonsense/],
    ['{{ .Values.a.b.c }}', /nil pointer/],
    ['{{ include "absent" . }}', /no template "absent"/],
    ['{{ fail "because" }}', /because/],
    ['{{ .Values.a }}', /without toYaml/],
    ['{{ "a" "b" }}', /unexpected/],
    ['{{ eq 1 "1" }}', /incompatible types/],
  ])('refuses %s', (template, why) => {
    expect(() => render(template, template === '{{ .Values.a }}' ? { a: { b: 1 } } : {})).toThrow(why);
  });

  it('names the line of a fault', () => {
    expect(() => readTemplate('a\nb\n{{ ( }}')).toThrow(/line 3/);
  });
});

describe('mergeValues', () => {
  it('merges maps, replaces lists, and takes away by null', () => {
    expect(mergeValues({ a: { b: 1, c: 2 }, d: [1] }, { a: { c: null, e: 3 }, d: [2] })).toEqual({ a: { b: 1, e: 3 }, d: [2] });
  });
});
