// The forms of the policies of security.istio.io.
import { any, filled, flag, list, mapOf, object, oneOf, text, textMap, texts } from './shape';

const targetRef = object({ group: text, kind: filled, name: filled, namespace: text }, { required: ['kind', 'name'] });
const target = { selector: object({ matchLabels: textMap }), targetRef, targetRefs: list(targetRef) };
const oneTarget = { exclusive: [['selector', 'targetRef', 'targetRefs']] };
const mode = object({ mode: oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') });

export const peerAuthenticationShape = object({ selector: target.selector, mtls: mode, portLevelMtls: mapOf(mode) });

const both = (...names: readonly string[]) =>
  object(
    Object.fromEntries(
      names.flatMap((name) => [
        [name, texts],
        [`not${name.charAt(0).toUpperCase()}${name.slice(1)}`, texts],
      ]),
    ),
  );

export const authorizationPolicyShape = object(
  {
    ...target,
    action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: object({ name: text }),
    rules: list(
      object({
        from: list(
          object({
            source: both('principals', 'requestPrincipals', 'namespaces', 'ipBlocks', 'remoteIpBlocks', 'serviceAccounts', 'trustDomains'),
          }),
        ),
        to: list(object({ operation: both('hosts', 'ports', 'methods', 'paths') })),
        when: list(object({ key: filled, values: texts, notValues: texts }, { required: ['key'] })),
      }),
    ),
  },
  oneTarget,
);

export const requestAuthenticationShape = object(
  {
    ...target,
    jwtRules: list(
      object(
        {
          issuer: filled,
          audiences: texts,
          jwksUri: text,
          jwks_uri: text,
          jwks: text,
          fromHeaders: list(object({ name: filled, prefix: text }, { required: ['name'] })),
          fromParams: texts,
          fromCookies: texts,
          outputPayloadToHeader: text,
          forwardOriginalToken: flag,
          outputClaimToHeaders: any,
          spaceDelimitedClaims: texts,
          timeout: text,
        },
        { required: ['issuer'], exclusive: [['jwksUri', 'jwks_uri', 'jwks']] },
      ),
    ),
  },
  oneTarget,
);
