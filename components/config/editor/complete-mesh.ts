// Names of the mesh in the editor: what fits at the cursor, and what a host means under the pointer. In: a source of names. Out: CodeMirror's sources.
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { Text } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import { formatRate, plural } from '../../ui/format';
import { decodeKind } from '../config-kinds';
import { readService } from '../object-words';
import { linesOf } from './complete';
import type { MeshNamesSource, ServiceFacts } from './mesh-names-source';
import { type TextFacts, type Wanted, wantAt } from './mesh-words';
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

async function findService({ names }: MeshContext, host: string, namespace: string): Promise<ServiceFacts | null> {
  const service = readService(host, namespace);
  return service === null ? null : names.service(service.namespace, service.name);
}

async function listHosts(context: MeshContext, namespace: string, typed: string): Promise<readonly Completion[]> {
  const [, other] = typed.split('.');
  const elsewhere = other !== undefined && other !== '' && other !== namespace;
  const own = await context.names.services(elsewhere ? other : namespace);
  if (typed.includes('.')) return own.map(({ host }) => ({ label: host, type: 'variable', detail: elsewhere ? other : namespace }));
  return own.map(({ name, host }) => ({ label: name, type: 'variable', detail: host, boost: 20 }));
}

async function listNames(context: MeshContext, wanted: Wanted, typed: string, namespace: string): Promise<readonly Completion[]> {
  const { names } = context;
  switch (wanted.type) {
    case 'host':
      return listHosts(context, namespace, typed);
    case 'service':
      return (await names.services(wanted.namespace ?? namespace)).map(({ name, host }) => ({
        label: name,
        type: 'variable',
        detail: host,
      }));
    case 'subset':
      return ((await findService(context, wanted.host, namespace))?.versions ?? [])
        .filter(({ subset }) => subset !== null)
        .map(({ subset, labels, readyEndpoints }) => ({
          label: subset ?? '',
          type: 'enum',
          detail: `${wordLabels(labels)}, ${plural(readyEndpoints, 'ready endpoint')}`,
        }));
    case 'port':
      return ((await findService(context, wanted.host, namespace))?.ports ?? []).map(({ port, name, protocol }) => ({
        label: String(port),
        type: 'enum',
        detail: `${name} ${protocol}`.trim(),
      }));
    case 'gateway':
      return [
        { label: 'mesh', type: 'keyword', detail: 'all sidecars and waypoints' },
        ...(await names.gateways('Gateway')).map((one) => ({ label: `${one.namespace}/${one.name}`, type: 'variable', detail: 'Gateway' })),
      ];
    case 'parent':
      return (await names.gateways('K8sGateway'))
        .filter((one) => one.namespace === (wanted.namespace ?? namespace))
        .map((one) => ({ label: one.name, type: 'variable', detail: `Gateway in ${one.namespace}` }));
    case 'namespace':
      return (await names.namespaces()).map((label) => ({ label, type: 'variable', detail: 'namespace' }));
  }
}

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
    const options = await listNames(given, wanted, doc.sliceString(from, context.pos), namespace);
    return options.length === 0 || context.aborted ? null : { from, options, validFor: /^[\w/-]*$/ };
  };

/** What a host in the text is: the service, its ports and versions, what it takes now. */
function drawHost(host: string, facts: ServiceFacts | null): HTMLElement {
  const box = document.createElement('div');
  box.className = 'heddle-hover';
  const add = (tag: 'strong' | 'p', text: string): void => {
    const element = document.createElement(tag);
    element.textContent = text;
    box.append(element);
  };
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
    const { namespace } = readHead(doc);
    const facts = await findService(given, host, namespace === '' ? given.namespace : namespace);
    return { pos: line.from + start, end: line.from + start + host.length, above: true, create: () => ({ dom: drawHost(host, facts) }) };
  });
