// The whole of an explanation in one sentence. In: decision, mTLS, authorization. Out: "rule 2 of VirtualService bookinfo/reviews sends 80 % to
// v1 and 20 % to v3 over mutual TLS; allowed". Saved cases compare by it: equal outcomes have equal sentences.
import type { ConfigPointer, RouteDestination } from '../../model/routing';
import type { Explanation } from '../../model/steering';
import type { Outcome } from '../istio/http-action';
import { describePointer, describeRule, durationText, percentText } from './raw';

const join = (parts: readonly string[]): string =>
  parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

function who(pointer: ConfigPointer | null): string {
  if (pointer === null) return 'the service itself';
  const rule = describeRule(pointer.path);
  return `${rule === '' ? '' : `${rule} of `}${describePointer(pointer)}`;
}

function nameOf({ host, subset, state }: RouteDestination, several: boolean): string {
  const short = host.split('.')[0] ?? host;
  const name = subset === null ? (host.endsWith('.local') ? short : host) : several ? `${short} ${subset}` : subset;
  if (state === 'missing') return `${name}, which does not exist (503 NC)`;
  return state === 'empty' ? `${name}, which has no ready pod (503 UH)` : name;
}

function destinationsWords(destinations: readonly RouteDestination[]): string {
  const several = new Set(destinations.map(({ host }) => host)).size > 1;
  const [only] = destinations;
  if (destinations.length === 1 && only !== undefined) return `all to ${nameOf(only, several)}`;
  return join(destinations.map((destination) => `${percentText(destination.share)} to ${nameOf(destination, several)}`));
}

/** What a rule does with requests, as the beginning of a sentence. */
export function describeOutcome(decision: Outcome, pointer: ConfigPointer | null): string {
  switch (decision.outcome) {
    case 'route': {
      const { fault, timeoutMs } = decision;
      const extras = [
        ...(fault?.delay && fault.delay.percent > 0
          ? [`delays ${fault.delay.percent} % by ${durationText(fault.delay.milliseconds)}`]
          : []),
        ...(fault?.abort && fault.abort.percent > 0
          ? [`answers ${fault.abort.percent} % with ${fault.abort.httpStatus ?? fault.abort.grpcStatus ?? 'an error'}`]
          : []),
        ...(timeoutMs === null ? [] : [`times out after ${durationText(timeoutMs)}`]),
      ];
      return `${who(pointer)} sends ${destinationsWords(decision.destinations)}${extras.length === 0 ? '' : `, ${extras.join(', ')}`}`;
    }
    case 'redirect':
      return `${who(pointer)} redirects to ${decision.location} (${decision.status})`;
    case 'directResponse':
      return `${who(pointer)} answers ${decision.status} at once`;
    case 'passthrough':
      return 'the mesh does not know the host and lets the request pass as it is';
    case 'blackHole':
      return 'the mesh does not know the host and refuses the request (502)';
    case 'noRoute':
      return decision.status === 0
        ? 'no rule takes the connection and it is closed'
        : `no rule takes the request and it is answered ${decision.status}`;
  }
}

const MTLS_WORDS = {
  mutualTls: 'over mutual TLS',
  plaintext: 'in plaintext',
  tls: 'over TLS of its own',
  fails: 'and the connection is reset',
} as const;

function mtlsWords(mtls: Explanation['mtls']): string {
  const results = new Set(mtls.map(({ outcome }) => outcome.result));
  const [only] = results;
  if (only === undefined) return '';
  if (results.size === 1) return ` ${MTLS_WORDS[only]}`;
  return `, ${join(mtls.map(({ workload, outcome }) => `${workload} ${MTLS_WORDS[outcome.result]}`))}`;
}

function authorizationWords(authorization: Explanation['authorization']): string {
  if (authorization.length === 0) return '';
  const words = authorization.map(({ workload, outcome }) => ({
    workload,
    text: outcome.outcome === 'depends' ? `it depends on ${join(outcome.on)}` : outcome.outcome,
  }));
  const texts = new Set(words.map(({ text }) => text));
  const [only] = texts;
  if (texts.size === 1 && only !== undefined) return `; ${only}`;
  return `; ${join(words.map(({ workload, text }) => `${workload}: ${text}`))}`;
}

/** The sentence. */
export const summarize = ({ decision, mtls, authorization }: Omit<Explanation, 'summary' | 'policies' | 'inbound'>): string =>
  `${describeOutcome(decision, decision.rule)}${mtlsWords(mtls)}${authorizationWords(authorization)}`;
