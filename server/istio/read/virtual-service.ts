// Reads networking.istio.io VirtualService. In: ConfigObject. Out: VirtualServiceView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { FaultSpec } from '../../../model/routing';
import type {
  DestinationRef,
  HttpAction,
  HttpMatch,
  HttpRule,
  MirrorRef,
  NamedMatch,
  PathRewrite,
  RedirectRef,
  StreamMatch,
  StreamRule,
  WeightedDestination,
} from '../http-rule';
import { memoByObject } from '../memo';
import { resolveGatewayName } from '../names';
import type { TextMatch } from '../text-match';
import { readCorsPolicy } from './cors';
import { Fields, pointerTo } from './fields';
import { readHeaders } from './header-changes';

export interface VirtualServiceView {
  readonly object: ConfigObject;
  /** As written; empty for a delegate. */
  readonly hosts: readonly string[];
  /** `mesh` or `ns/name`. */
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  readonly http: readonly HttpRule[];
  readonly tls: readonly StreamRule[];
  readonly tcp: readonly StreamRule[];
  /** Fields that were left out because of their type. */
  readonly notes: readonly string[];
}

export const readVirtualService: (object: ConfigObject) => VirtualServiceView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const gateways = spec.texts('gateways').map((name) => resolveGatewayName(name, object.namespace));
  return {
    object,
    hosts: spec.texts('hosts'),
    gateways: gateways.length === 0 ? ['mesh'] : gateways,
    exportTo: spec.texts('exportTo'),
    http: spec.objects('http').map((rule) => readHttpRule(object, rule)),
    tls: spec.objects('tls').map((rule) => readStreamRule(object, rule)),
    tcp: spec.objects('tcp').map((rule) => readStreamRule(object, rule)),
    notes: spec.notes,
  };
});

/** `{exact|prefix|regex: text}`; an empty StringMatch and the regex `*` mean presence (istio#20629). */
function readTextMatch(match: Fields): TextMatch {
  const exact = match.text('exact');
  if (exact !== null) return { kind: 'exact', value: exact };
  const prefix = match.text('prefix');
  if (prefix !== null) return { kind: 'prefix', value: prefix };
  const regex = match.text('regex');
  if (regex !== null && regex !== '*') return { kind: 'regex', value: regex };
  return { kind: 'present', value: '' };
}

const readOptionalMatch = (fields: Fields, name: string): TextMatch | null => {
  const match = fields.object(name);
  return match === null ? null : readTextMatch(match);
};

const readNamedMatches = (fields: Fields, name: string, lowerCase: boolean): readonly NamedMatch[] =>
  fields.entries(name).map(([key, match]) => [lowerCase && !key.startsWith('@') ? key.toLowerCase() : key, readTextMatch(match)]);

function readSource(object: ConfigObject, match: Fields) {
  return {
    path: match.path,
    port: match.number('port'),
    sourceLabels: match.labels('sourceLabels'),
    sourceNamespace: match.text('sourceNamespace') || null,
    gateways: match.texts('gateways').map((name) => resolveGatewayName(name, object.namespace)),
  };
}

const readHttpMatch = (object: ConfigObject, match: Fields): HttpMatch => ({
  ...readSource(object, match),
  name: match.text('name') || null,
  uri: readOptionalMatch(match, 'uri'),
  ignoreUriCase: match.flag('ignoreUriCase') ?? false,
  scheme: readOptionalMatch(match, 'scheme'),
  method: readOptionalMatch(match, 'method'),
  authority: readOptionalMatch(match, 'authority'),
  headers: readNamedMatches(match, 'headers', true),
  withoutHeaders: readNamedMatches(match, 'withoutHeaders', true),
  queryParams: readNamedMatches(match, 'queryParams', false),
});

function readDestination(destination: Fields | null): DestinationRef {
  return {
    host: destination?.text('host') ?? '',
    subset: destination?.text('subset') || null,
    port: destination?.object('port')?.number('number') ?? null,
  };
}

const readWeighted = (route: Fields): WeightedDestination => ({
  destination: readDestination(route.object('destination')),
  weight: route.number('weight'),
  ...readHeaders(route.object('headers')),
  invalid: null,
});

function readHttpRule(object: ConfigObject, rule: Fields): HttpRule {
  const rewrite = rule.object('rewrite');
  const retries = rule.object('retries');
  const delegate = rule.object('delegate');
  const delegateName = delegate?.text('name') ?? null;
  return {
    pointer: pointerTo(object, rule.path),
    name: rule.text('name') || null,
    semantics: 'istio',
    matches: rule.objects('match').map((match) => readHttpMatch(object, match)),
    action: readAction(rule),
    rewrite: rewrite === null ? null : { path: readPathRewrite(rewrite), authority: rewrite.text('authority') || null },
    ...readHeaders(rule.object('headers')),
    cors: readCorsPolicy(rule.object('corsPolicy')),
    timeoutMs: rule.durationMs('timeout'),
    retries:
      retries === null
        ? null
        : {
            attempts: retries.number('attempts') ?? 0,
            perTryTimeoutMs: retries.durationMs('perTryTimeout'),
            retryOn: retries.text('retryOn') || null,
          },
    fault: readFault(rule.object('fault')),
    mirror: rule.has('mirror') ? readDestination(rule.object('mirror')) : null,
    mirrorPercent: rule.object('mirrorPercentage') ? (rule.object('mirrorPercentage')?.number('value') ?? 0) : rule.number('mirrorPercent'),
    mirrors: rule.objects('mirrors').map(readMirror),
    delegate: delegateName === null ? null : { namespace: delegate?.text('namespace') || null, name: delegateName },
  };
}

function readAction(rule: Fields): HttpAction {
  const redirect = rule.object('redirect');
  if (redirect !== null) return readRedirect(redirect);
  const direct = rule.object('directResponse');
  if (direct !== null)
    return { kind: 'directResponse', status: direct.number('status') ?? 0, body: direct.object('body')?.text('string') ?? null };
  const destinations = rule.objects('route').map(readWeighted);
  if (destinations.length === 0) return { kind: 'none', why: 'the rule has neither route, redirect nor directResponse' };
  return { kind: 'route', destinations };
}

function readRedirect(redirect: Fields): HttpAction {
  const status = redirect.number('redirectCode') ?? 301;
  const uri = redirect.text('uri') ?? '';
  const derive = redirect.text('derivePort');
  const port: RedirectRef['port'] =
    redirect.number('port') ?? (derive === 'FROM_REQUEST_PORT' ? 'request' : derive === 'FROM_PROTOCOL_DEFAULT' ? 'default' : null);
  if (![0, 301, 302, 303, 307, 308].includes(status)) return { kind: 'none', why: `redirectCode ${status} is none that Istio knows` };
  return {
    kind: 'redirect',
    redirect: {
      path: uri === '' ? null : { kind: 'full', value: uri },
      authority: redirect.text('authority') || null,
      scheme: redirect.text('scheme') || null,
      port,
      status: status === 0 ? 301 : status,
    },
  };
}

function readPathRewrite(rewrite: Fields): PathRewrite | null {
  const regex = rewrite.object('uriRegexRewrite');
  if (regex !== null)
    return { kind: 'regex', match: { kind: 'regex', value: regex.text('match') ?? '' }, replace: regex.text('rewrite') ?? '' };
  const uri = rewrite.text('uri') ?? '';
  return uri === '' ? null : { kind: 'prefix', value: uri };
}

/** An unset percentage is 0 % (istio pilot route.go TranslateFault). */
function readFault(fault: Fields | null): FaultSpec | null {
  if (fault === null) return null;
  const delay = fault.object('delay');
  const fixedDelay = delay?.durationMs('fixedDelay') ?? null;
  const abort = fault.object('abort');
  const httpStatus = abort?.number('httpStatus') ?? null;
  const grpcStatus = abort?.text('grpcStatus') ?? null;
  return {
    delay:
      delay === null || fixedDelay === null
        ? null
        : { milliseconds: fixedDelay, percent: delay.object('percentage')?.number('value') ?? delay.number('percent') ?? 0 },
    abort:
      abort === null || (httpStatus === null && grpcStatus === null)
        ? null
        : { httpStatus, grpcStatus, percent: abort.object('percentage')?.number('value') ?? 0 },
  };
}

const readMirror = (mirror: Fields): MirrorRef => {
  const percentage = mirror.object('percentage');
  return {
    destination: readDestination(mirror.object('destination')),
    percent: percentage === null ? null : (percentage.number('value') ?? 0),
    invalid: null,
  };
};

function readStreamRule(object: ConfigObject, rule: Fields): StreamRule {
  return {
    pointer: pointerTo(object, rule.path),
    matches: rule.objects('match').map(
      (match): StreamMatch => ({
        ...readSource(object, match),
        sniHosts: match.texts('sniHosts').map((host) => host.toLowerCase()),
        destinationSubnets: match.texts('destinationSubnets'),
      }),
    ),
    destinations: rule.objects('route').map(readWeighted),
  };
}
