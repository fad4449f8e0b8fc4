// One request from its path to its answer: who asks, may they, which verb, in which form. Everything it refuses it refuses as a StatusError.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate, impersonate, type TokenSources } from '../access/authenticate';
import { Authorizer } from '../access/authorizer';
import { answerReview } from '../access/reviews';
import type { User } from '../access/user';
import { type JsonRecord, recordOf } from '../json';
import { joinApiVersion, type KubeObject } from '../object';
import { decodeSelectors } from '../selectors';
import { badRequest, methodNotAllowed, notFound, pathNotFound, StatusError, successStatus } from '../status-error';
import type { ObjectStore } from '../store';
import { admitObject, decodeObject } from '../verbs/admit';
import { listObjects } from '../verbs/list-objects';
import { ObjectRemover } from '../verbs/object-remover';
import { ObjectWriter, patchTypes, scaleOf } from '../verbs/object-writer';
import { resourceOf, type Target } from '../verbs/target';
import { decodeBody, mediaTypeOf, objectTypes, readBody } from './body';
import {
  buildAggregated,
  buildApiGroup,
  buildApiVersions,
  buildGroupList,
  buildResourceList,
  offeredVerbs,
  SERVER_VERSION,
} from './discovery';
import { ObjectEncoder } from './encoder';
import type { Faults } from './faults';
import { chooseAggregatedDiscovery, chooseRepresentation, type Representation } from './negotiate';
import { OpenApiDocuments } from './openapi-documents';
import { type LogReader, streamLog } from './pod-logs';
import { decodeProtobuf, PROTOBUF } from './protobuf';
import { decodeRequest, type ResourceInfo } from './request-info';
import { type Answer, addWarnings, sendBody, sendJson } from './respond';
import { proxyService, type ServiceAddress } from './service-proxy';
import { streamWatch } from './watch-stream';

export interface ApiHandlerOptions {
  readonly store: ObjectStore;
  readonly now: () => number;
  readonly tokens: TokenSources;
  readonly anonymous: boolean;
  readonly bookmarkIntervalMs: number;
  readonly faults: Faults;
  readonly readLogs?: LogReader;
  /** Where a Service really listens; absent: no Service has endpoints. */
  readonly serviceAddress?: ServiceAddress;
}

export class ApiHandler {
  readonly #options: ApiHandlerOptions;
  readonly #authorizer: Authorizer;
  readonly #writer: ObjectWriter;
  readonly #remover: ObjectRemover;
  readonly #encoder: ObjectEncoder;
  readonly #openApi: OpenApiDocuments;

  constructor(options: ApiHandlerOptions) {
    const { store, now } = options;
    this.#options = options;
    this.#authorizer = new Authorizer(store);
    this.#writer = new ObjectWriter(store, now);
    this.#remover = new ObjectRemover(store, now);
    this.#encoder = new ObjectEncoder(now);
    this.#openApi = new OpenApiDocuments(store.registry);
  }

  /** Answers a request. Throws a StatusError for the caller to send. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { tokens, anonymous } = this.#options;
    const headers = request.headersDistinct;
    const user = impersonate(headers, await authenticate(headers, tokens, anonymous), this.#authorizer);
    const info = decodeRequest(request.method ?? 'GET', url.pathname, url.searchParams);
    if (info.isResource) {
      await this.#answerResource({ request, response }, info.resource, user, url.searchParams);
      return;
    }
    this.#authorizer.require(user, { verb: info.verb, path: info.path });
    await this.#answerPath({ request, response }, info.path);
  }

  async #answerPath(answer: Answer, path: string): Promise<void> {
    const { request } = answer;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    if (['/healthz', '/livez', '/readyz'].includes(path)) {
      await sendBody(answer, 200, Buffer.from('ok'), 'text/plain; charset=utf-8');
      return;
    }
    if (path.startsWith('/openapi/v3/')) {
      chooseRepresentation(request.headers.accept);
      const document = this.#openApi.document(path.slice('/openapi/v3/'.length));
      if (document === undefined) throw pathNotFound();
      await sendJson(answer, 200, document);
      return;
    }
    const { registry } = this.#options.store;
    const aggregated = chooseAggregatedDiscovery(request.headers.accept);
    const trimmed = path.replace(/\/+$/, '');
    if (aggregated !== undefined && (trimmed === '/api' || trimmed === '/apis')) {
      const body = JSON.stringify(buildAggregated(registry, aggregated, trimmed === '/api'));
      await sendBody(answer, 200, Buffer.from(body), `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`);
      return;
    }
    const document = this.#buildPathDocument(trimmed, request.headers.host ?? '');
    if (document === undefined) throw pathNotFound();
    await sendJson(answer, 200, JSON.stringify(document));
  }

  #buildPathDocument(path: string, host: string): JsonRecord | undefined {
    const { registry } = this.#options.store;
    const [root, first, second] = path.split('/').slice(1);
    if (path === '/version') return SERVER_VERSION;
    if (path === '/openapi/v3') return this.#openApi.index();
    if (path === '') return { paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'] };
    if (root === 'api') return first === undefined ? buildApiVersions(host) : buildResourceList(registry, '', first);
    if (root !== 'apis') return undefined;
    if (first === undefined) return buildGroupList(registry);
    return second === undefined ? buildApiGroup(registry, first) : buildResourceList(registry, first, second);
  }

  async #answerResource(answer: Answer, info: ResourceInfo, user: User, query: URLSearchParams): Promise<void> {
    const kind = this.#options.store.registry.findServed(info.group, info.version, info.plural);
    const warnings: string[] = [];
    this.#requireAccess(user, info, query);
    if (info.group === '' && info.plural === 'services' && info.subresource === 'proxy') {
      await proxyService(answer, info, this.#options.store, this.#options.serviceAddress);
      return;
    }
    const offered = kind === undefined ? undefined : offeredVerbs(kind, info.subresource);
    if (kind === undefined || offered === undefined || (!kind.namespaced && info.namespace !== '' && kind.resource !== 'namespaces'))
      throw pathNotFound();
    const named = info.name !== '';
    const misshaped = info.verb === 'create' ? named : ['update', 'patch'].includes(info.verb) && !named;
    const misplaced = kind.namespaced && info.namespace === '' && !['list', 'watch'].includes(info.verb);
    if (misshaped || misplaced || !offered.includes(info.verb)) throw methodNotAllowed(kind);
    const target: Target = {
      kind,
      version: info.version,
      namespace: kind.namespaced && info.namespace !== '' ? info.namespace : undefined,
      name: info.name,
      subresource: info.subresource,
      user,
      query,
      userAgent: answer.request.headers['user-agent'] ?? '',
      warn: (text) => warnings.push(text),
    };
    await this.#answerVerb(answer, info.verb, target, warnings);
  }

  #requireAccess(user: User, info: ResourceInfo, query: URLSearchParams): void {
    const { verb, group, plural, subresource, namespace } = info;
    // A list or watch of one name by field selector is authorized as that name (requestinfo.go).
    const selected = /(?:^|,)metadata\.name==?([^,!=]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1];
    const name = info.name === '' && ['list', 'watch', 'deletecollection'].includes(verb) ? (selected ?? '') : info.name;
    this.#authorizer.require(user, { verb, group, resource: plural, subresource, namespace, name });
  }

  async #answerVerb(answer: Answer, verb: string, target: Target, warnings: readonly string[]): Promise<void> {
    const { store, faults, bookmarkIntervalMs } = this.#options;
    const { kind, version, query } = target;
    if (verb === 'get') {
      await this.#answerGet(answer, target);
      return;
    }
    const representation = chooseRepresentation(answer.request.headers.accept);
    switch (verb) {
      case 'list': {
        const { objects, metadata } = listObjects(store, target);
        await sendJson(answer, 200, this.#encoder.encodeList(kind, version, objects, metadata, representation.view), representation.format);
        return;
      }
      case 'watch':
        await streamWatch(target, representation.view, answer.response, { store, encoder: this.#encoder, faults, bookmarkIntervalMs });
        return;
      case 'delete':
        await this.#answerDelete(answer, target, representation);
        return;
      case 'deletecollection': {
        const options = await this.#readOptions(answer.request);
        const selects = decodeSelectors(kind, query.get('labelSelector'), query.get('fieldSelector'));
        const removed = this.#remover.removeAll(target, selects, options);
        const metadata = { resourceVersion: String(store.revision) };
        await sendJson(answer, 200, this.#encoder.encodeList(kind, version, removed, metadata, representation.view), representation.format);
        return;
      }
      default:
        await this.#answerWrite(answer, verb, target, warnings, representation);
    }
  }

  async #answerGet(answer: Answer, target: Target): Promise<void> {
    const { store, readLogs } = this.#options;
    const { kind, version, subresource, query } = target;
    const object = store.read(kind.resource, target.namespace, target.name);
    if (object === undefined) throw notFound(resourceOf(target), target.name);
    if (subresource === 'log') {
      await streamLog(object, query, answer.response, readLogs);
      return;
    }
    const { view, format } = chooseRepresentation(answer.request.headers.accept);
    const json = subresource === 'scale' ? JSON.stringify(scaleOf(object)) : this.#encoder.encodeObject(kind, version, object, view);
    await sendJson(answer, 200, json, format);
  }

  async #answerDelete(answer: Answer, target: Target, { format, view }: Representation): Promise<void> {
    const { kind, version, name } = target;
    const { object, gone } = this.#remover.remove(target, await this.#readOptions(answer.request));
    // What is not gone at once (finalizers, a namespace) is answered with the object, the rest with a Status.
    const json =
      gone && kind.resource !== 'namespaces'
        ? JSON.stringify(successStatus(kind, name, object.metadata.uid))
        : this.#encoder.encodeObject(kind, version, object, view);
    await sendJson(answer, 200, json, format);
  }

  async #answerWrite(
    answer: Answer,
    verb: string,
    target: Target,
    warnings: readonly string[],
    { view, format }: Representation,
  ): Promise<void> {
    const { kind, version } = target;
    const mediaType = mediaTypeOf(answer.request.headers['content-type']);
    const accepted = verb === 'patch' ? patchTypes(target) : objectTypes;
    const bytes = await readBody(answer.request);
    const packed = mediaType === PROTOBUF && !kind.custom && verb !== 'patch' && target.subresource !== 'scale';
    const body = packed ? decodeProtobuf(bytes, kind.schema()) : decodeBody(bytes, mediaType, accepted);
    if (kind.review) {
      const review = await this.#answerReview(body, target);
      await sendJson(answer, 201, JSON.stringify(review), format);
      return;
    }
    if (verb === 'patch' && mediaType.endsWith('yaml')) this.#requireCreateOnApply(target);
    const { object, created } = this.#write(verb, target, mediaType, body);
    addWarnings(answer.response, warnings);
    const json = target.subresource === 'scale' ? JSON.stringify(scaleOf(object)) : this.#encoder.encodeObject(kind, version, object, view);
    await sendJson(answer, created ? 201 : 200, json, format);
  }

  #write(verb: string, target: Target, mediaType: string, body: unknown): { readonly object: KubeObject; readonly created: boolean } {
    switch (verb) {
      case 'create':
        return this.#writer.create(target, body);
      case 'update':
        return this.#writer.update(target, body);
      case 'patch':
        return this.#writer.patch(target, mediaType, body);
      default:
        throw methodNotAllowed(target.kind);
    }
  }

  /** Server-side apply of what does not exist yet is a create, and must be allowed as one. */
  #requireCreateOnApply({ kind, namespace, name, user }: Target): void {
    if (this.#options.store.read(kind.resource, namespace, name) !== undefined) return;
    this.#authorizer.require(user, {
      verb: 'create',
      group: kind.group,
      resource: kind.plural,
      subresource: '',
      namespace: namespace ?? '',
      name,
    });
  }

  async #answerReview(body: unknown, target: Target): Promise<JsonRecord> {
    const { tokens } = this.#options;
    const raw = recordOf(body);
    // Reviews have no name; the object rules still want one to check.
    const review = decodeObject({ ...raw, metadata: { ...recordOf(raw['metadata']), name: 'review' } }, target);
    const admitted = admitObject(review, target);
    const { user, namespace } = target;
    const status = await answerReview(admitted, { authorizer: this.#authorizer, tokens, user, namespace });
    const spec = target.kind.kind === 'SelfSubjectReview' ? {} : { spec: admitted['spec'] };
    return {
      kind: target.kind.kind,
      apiVersion: joinApiVersion(target.kind.group, target.version),
      metadata: { creationTimestamp: null },
      ...spec,
      status,
    };
  }

  /** DeleteOptions: an object in the body, or nothing. */
  async #readOptions(request: IncomingMessage): Promise<unknown> {
    const body = await readBody(request);
    if (body.length === 0) return undefined;
    const mediaType = mediaTypeOf(request.headers['content-type']);
    const schema = this.#options.store.registry.schemas.schemaOf('V1DeleteOptions');
    const options = mediaType === PROTOBUF ? decodeProtobuf(body, schema) : decodeBody(body, mediaType, objectTypes);
    if (typeof options !== 'object' || options === null) throw badRequest('the body of a delete must be a DeleteOptions object');
    return options;
  }
}
