// A rule in words: when it takes a request, what it does with it, and what else. In: RuleForm, shares. Out: short English phrases.
import type { HeaderOperations, MatchEdit, NamedCondition, TextCondition } from '../../model/edit';
import { durationText, percentText } from './raw';
import type { FormDestination, RuleForm } from './rule-form';

export interface RuleWords {
  readonly when: string;
  readonly what: string;
  readonly also: readonly string[];
}

function conditionWords(subject: string, condition: TextCondition): string {
  switch (condition.type) {
    case 'exact':
      return `${subject} is ${condition.value === '' ? 'empty' : condition.value}`;
    case 'prefix':
      return `${subject} starts with ${condition.value}`;
    case 'regex':
      return `${subject} matches ${condition.value}`;
    case 'present':
      return `${subject} is present`;
  }
}

const namedWords = (kind: string, entries: readonly NamedCondition[] | undefined): readonly string[] =>
  (entries ?? []).map(({ name, condition }) => conditionWords(`${kind} ${name}`, condition));

function matchWords(match: MatchEdit): string {
  const labels = Object.entries(match.sourceLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const parts = [
    ...(match.path === undefined ? [] : [conditionWords('path', match.path)]),
    ...(match.method === undefined ? [] : [`method is ${match.method}`]),
    ...namedWords('header', match.headers),
    ...namedWords('parameter', match.queryParams),
    ...(labels.length === 0 ? [] : [`caller has ${labels.join(', ')}`]),
    ...(match.sourceNamespace === undefined ? [] : [`caller is in ${match.sourceNamespace}`]),
    ...(match.port === undefined ? [] : [`port is ${match.port}`]),
    ...(match.gateways === undefined ? [] : [`it comes through ${match.gateways.join(' or ')}`]),
  ];
  return parts.length === 0 ? 'every request' : parts.join(' and ');
}

/** `path starts with /api and header x is y, or method is POST`. */
export function whenWords(matches: readonly MatchEdit[] | null): string {
  if (matches === null) return 'conditions that only YAML shows';
  if (matches.length === 0) return 'every request';
  return matches.map(matchWords).join(', or ');
}

/** Effective shares of destinations, 0..1: one takes all whatever its weight; of several, those without weight none. */
export function sharesOf(destinations: readonly FormDestination[]): readonly number[] {
  if (destinations.length === 1) return [1];
  const total = destinations.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return destinations.map(({ weight }) => (total > 0 ? (weight ?? 0) / total : 0));
}

/** `v1`, or the host's short name where there is no subset. */
export const destinationName = ({ host, subset }: { readonly host: string; readonly subset: string | null }): string =>
  subset === null ? (host.split('.')[0] ?? host) : subset;

/** Name of a destination beside others: hosts are named where they differ. */
function destinationNames(destinations: readonly FormDestination[]): readonly string[] {
  const hosts = new Set(destinations.map(({ host }) => host));
  return destinations.map((d) =>
    hosts.size > 1 && d.subset !== null ? `${destinationName({ host: d.host, subset: null })} ${d.subset}` : destinationName(d),
  );
}

function whatWords(form: RuleForm): string {
  switch (form.action) {
    case 'redirect': {
      const to = [form.redirect?.authority, form.redirect?.path].filter((part) => typeof part === 'string').join('');
      return `redirect ${form.redirect?.status ?? 301}${to === '' ? '' : ` to ${to}`}`;
    }
    case 'respond':
      return `answer ${form.respond ?? 0} at once`;
    case 'delegate':
      return 'the rules of another VirtualService';
    case 'none':
      return 'nothing: requests are not answered';
    case 'route': {
      const shares = sharesOf(form.destinations);
      const names = destinationNames(form.destinations);
      return shares.length === 1
        ? `all to ${names[0] ?? ''}`
        : shares.map((share, i) => `${percentText(share)} to ${names[i] ?? ''}`).join(', ');
    }
  }
}

function alsoWords(form: RuleForm): readonly string[] {
  const { fault, retries, mirror, rewrite, headers, cors, timeoutMs } = form;
  const abort = fault?.abort ?? null;
  const count = (operations: HeaderOperations): number => Object.keys(operations).length;
  const touched = headers === null ? 0 : count(headers.request) + count(headers.response);
  return [
    ...(fault?.delay ? [`delays ${fault.delay.percent} % by ${durationText(fault.delay.milliseconds)}`] : []),
    ...(abort === null
      ? []
      : [`answers ${abort.percent} % with ${abort.httpStatus === undefined ? (abort.grpcStatus ?? 'an error') : `${abort.httpStatus}`}`]),
    ...(timeoutMs === null || timeoutMs === 0 ? [] : [`times out after ${durationText(timeoutMs)}`]),
    ...(retries === null ? [] : [retries.attempts === 0 ? 'does not retry' : `retries ${retries.attempts} times`]),
    ...(mirror === null ? [] : [`copies ${mirror.percent} % to ${destinationName(mirror)}`]),
    ...(rewrite?.path ? [`rewrites the path to ${rewrite.path}`] : []),
    ...(rewrite?.authority ? [`rewrites the host to ${rewrite.authority}`] : []),
    ...(touched === 0 ? [] : ['changes headers']),
    ...(cors === null ? [] : ['answers CORS']),
  ];
}

/** The whole rule in words. */
export const describeForm = (form: RuleForm): RuleWords => ({
  when: whenWords(form.matches),
  what: whatWords(form),
  also: alsoWords(form),
});
