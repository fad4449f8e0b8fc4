// Reads security.istio.io RequestAuthentication. In: ConfigObject. Out: RequestAuthenticationView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import { isEmpty, type Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';
import { readTargetRefs, type TargetRef } from './target-refs';

/** Whose tokens are taken, and where they are looked for. */
export interface JwtRuleView {
  readonly pointer: ConfigPointer;
  readonly issuer: string;
  /** Empty = every audience. */
  readonly audiences: readonly string[];
  readonly jwksUri: string | null;
  /** The keys stand in the object itself. */
  readonly hasInlineKeys: boolean;
  /** With their prefix; where no place at all is written, `Authorization: Bearer` and the parameter `access_token`. */
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  readonly forwardOriginalToken: boolean;
  readonly outputPayloadToHeader: string | null;
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: string }[];
}

export interface RequestAuthenticationView {
  readonly object: ConfigObject;
  /** Null = every workload. */
  readonly selector: Labels | null;
  readonly targetRefs: readonly TargetRef[];
  /** Empty = nothing is asked of tokens. */
  readonly rules: readonly JwtRuleView[];
  readonly notes: readonly string[];
}

export const readRequestAuthentication: (object: ConfigObject) => RequestAuthenticationView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const selector = spec.object('selector')?.labels('matchLabels') ?? {};
  return {
    object,
    selector: isEmpty(selector) ? null : selector,
    targetRefs: readTargetRefs(spec),
    rules: spec.objects('jwtRules').map((rule) => readJwtRule(object, rule)),
    notes: spec.notes,
  };
});

function readJwtRule(object: ConfigObject, rule: Fields): JwtRuleView {
  const headers = rule.objects('fromHeaders').map((header) => ({ name: header.text('name') ?? '', prefix: header.text('prefix') ?? '' }));
  const fromParams = rule.texts('fromParams');
  const fromCookies = rule.texts('fromCookies');
  const anywhere = headers.length + fromParams.length + fromCookies.length > 0;
  return {
    pointer: pointerTo(object, rule.path),
    issuer: rule.text('issuer') ?? '',
    audiences: rule.texts('audiences'),
    jwksUri: rule.text('jwksUri') || rule.text('jwks_uri') || null,
    hasInlineKeys: (rule.text('jwks') ?? '') !== '',
    fromHeaders: anywhere ? headers : [{ name: 'Authorization', prefix: 'Bearer ' }],
    fromParams: anywhere ? fromParams : ['access_token'],
    fromCookies,
    forwardOriginalToken: rule.flag('forwardOriginalToken') ?? false,
    outputPayloadToHeader: rule.text('outputPayloadToHeader') || null,
    outputClaimToHeaders: rule
      .objects('outputClaimToHeaders')
      .map((entry) => ({ header: entry.text('header') ?? '', claim: entry.text('claim') ?? '' })),
  };
}
