// Names of the mesh in the editor: what fits at the cursor, and what a host means under the pointer. In: a source of names. Out: CodeMirror's sources.
import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { Text } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { ConfigNamesDocument } from '../../../model/steering';
import { formatRate, plural } from '../../ui/format';
import { decodeKind } from '../config-kinds';
import { readService } from '../object-words';
import { linesOf } from './complete';
import { findHost, listCompletions } from './mesh-completions';
import type { MeshNamesSource, ServiceFacts } from './mesh-names-source';
import { type TextFacts, wantAt } from './mesh-words';
import { keyPathAt, readValue } from './yaml-path';

/** The source, and the namespace of the object where its text does not say one. */
export interface MeshContext {
  readonly names: MeshNamesSource;
  readonly namespace: string;
}

/** Lines in which the head of an object is looked for. */
const HEAD_LINES = 400;

function readHead(doc: Text): TextFacts & { readonly namespace: string } {
  const found = new Map<string, string>();
  for (let i = 1; i <= Math.min(doc.lines, HEAD_LINES); i++) {
    const { text } = doc.line(i);
    const key = /^( {0,2})(apiVersion|kind|namespace|host):\s/.exec(text);
    if (key !== null && !found.has(key[2] ?? '')) found.set(key[2] ?? '', readValue(text));
  }
  return {
    kind: decodeKind(found.get('apiVersion') ?? '', found.get('kind') ?? ''),
    host: found.get('host') ?? '',
    namespace: found.get('namespace') ?? '',
  };
}

const wordLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** Asked only where a name of the mesh belongs; everything else is the schema's affair. */
export const completeByMesh =
  (mesh: () => MeshContext): CompletionSource =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w./*-]*$/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const { doc } = context.state;
    const line = doc.lineAt(context.pos);
    const from = /^-+$/.test(word.text) ? word.to : word.from;
    const head = readHead(doc);
    const wanted = wantAt(linesOf(doc), line.number - 1, context.pos - line.from, head);
    if (wanted === null) return null;
    const given = mesh();
    const namespace = head.namespace === '' ? given.namespace : head.namespace;
    const names = await given.names.names();
    const options = names === null ? [] : listCompletions(wanted, names, namespace, doc.sliceString(from, context.pos));
    return options.length === 0 || context.aborted ? null : { from, options, validFor: /^[\w/-]*$/ };
  };

/** What a host in the text is: the service, its ports and versions, what it takes now; or the ServiceEntry that tells of it. */
function drawHost(host: string, facts: ServiceFacts | null, entry: ConfigNamesDocument['hosts'][number] | null): HTMLElement {
  const box = document.createElement('div');
  box.className = 'heddle-hover';
  const add = (tag: 'strong' | 'p', text: string): void => {
    const element = document.createElement(tag);
    element.textContent = text;
    box.append(element);
  };
  if (facts === null && entry !== null) {
    add('strong', `${entry.kind} ${entry.namespace}/${entry.name}`);
    add('p', `${entry.host}: ${entry.ports.map(({ number, name }) => `${number} ${name}`.trim()).join(', ')}`);
    return box;
  }
  if (facts === null) {
    add('strong', host);
    add('p', 'No service that you may see has this host: it is a name outside of the cluster, or nothing answers there.');
    return box;
  }
  add('strong', `Service ${facts.namespace}/${facts.name}`);
  add('p', `${facts.host}: ${facts.ports.map(({ port, name }) => `${port} ${name}`.trim()).join(', ')}`);
  for (const { subset, labels, readyEndpoints, requestsPerSecond } of facts.versions)
    add(
      'p',
      `${subset ?? 'no subset'} (${wordLabels(labels)}): ${plural(readyEndpoints, 'ready endpoint')}${requestsPerSecond === null ? '' : `, ${formatRate(requestsPerSecond)}`}`,
    );
  return box;
}

export const explainHosts = (mesh: () => MeshContext): ReturnType<typeof hoverTooltip> =>
  hoverTooltip(async (view: EditorView, position: number): Promise<Tooltip | null> => {
    const { doc } = view.state;
    const line = doc.lineAt(position);
    const at = position - line.from;
    const lines = linesOf(doc);
    const key = keyPathAt(lines, line.number - 1, line.text.search(/[\w"']/));
    const named =
      key?.at(-1) === 'host' || (key === null && wantAt(lines, line.number - 1, line.text.length, readHead(doc))?.type === 'host');
    const host = readValue(line.text);
    const start = line.text.lastIndexOf(host);
    if (!named || host === '' || host.includes('*') || at < start || at > start + host.length) return null;
    const given = mesh();
    const head = readHead(doc);
    const namespace = head.namespace === '' ? given.namespace : head.namespace;
    const names = await given.names.names();
    const entry = names === null ? null : findHost(names, host, namespace);
    const service = entry === null ? readService(host, namespace) : entry.kind === 'Service' ? entry : null;
    const facts = service === null ? null : await given.names.service(service.namespace, service.name);
    return {
      pos: line.from + start,
      end: line.from + start + host.length,
      above: true,
      create: () => ({ dom: drawHost(host, facts, entry) }),
    };
  });
