// An edit in one line, for the list of a draft. In: Edit. Out: what it does and to what. Pure.
import { type DestinationEdit, type Edit, type RuleRef, refText, type TrafficPolicyEdit } from '../../model/edit';
import {
  shortHost,
  wordCors,
  wordDuration,
  wordFault,
  wordHeaders,
  wordMirror,
  wordRetries,
  wordRewrite,
  wordSplit,
  wordWhen,
} from './rule-words';
import { sharesOf } from './weight-link';

/** "rule 2 of VirtualService/bookinfo/reviews", "a new rule for reviews". */
export const wordRule = (rule: RuleRef): string =>
  rule.object === null ? `a new route for ${shortHost(rule.host)}` : `rule ${rule.index + 1} of ${refText(rule.object)}`;

const split = (destinations: readonly DestinationEdit[], home: string): string => {
  const shares = sharesOf(destinations.map(({ weight }) => weight));
  return wordSplit(
    destinations.map((one, i) => ({ ...one, share: shares[i] ?? 0 })),
    home,
  );
};

const POLICY_WORDS: Readonly<Record<keyof TrafficPolicyEdit, string>> = {
  loadBalancer: 'load balancing',
  connectionPool: 'connection pool',
  outlierDetection: 'outlier detection',
  tls: 'TLS',
};

function wordPolicy(policy: TrafficPolicyEdit): string {
  const parts = Object.entries(policy).map(([name, value]) => {
    const word = Object.entries(POLICY_WORDS).find(([key]) => key === name)?.[1] ?? name;
    return value === null ? `no ${word}` : word;
  });
  return parts.join(', ');
}

/** `title` is read after an imperative list: "Send 80 % to v1, 20 % to v2"; `on` names the place. */
export function wordEdit(edit: Edit): { readonly title: string; readonly on: string } {
  switch (edit.type) {
    case 'weights':
      return { title: `Send ${split(edit.destinations, edit.rule.host)}`, on: wordRule(edit.rule) };
    case 'match':
      return { title: `Apply to ${wordWhen(edit.matches, edit.rule.list !== 'http')}`, on: wordRule(edit.rule) };
    case 'fault':
      return { title: edit.fault === null ? 'Remove the fault' : `Inject a fault: ${wordFault(edit.fault)}`, on: wordRule(edit.rule) };
    case 'timeout':
      return {
        title: edit.milliseconds === null ? 'Remove the timeout' : `Set the timeout to ${wordDuration(edit.milliseconds)}`,
        on: wordRule(edit.rule),
      };
    case 'retries':
      return {
        title: edit.retries === null ? 'Remove the setting of retries' : `Retries: ${wordRetries(edit.retries)}`,
        on: wordRule(edit.rule),
      };
    case 'mirror':
      return {
        title: edit.mirror === null ? 'Stop mirroring' : `Mirror ${wordMirror(edit.mirror, edit.rule.host)}`,
        on: wordRule(edit.rule),
      };
    case 'rewrite':
      return { title: edit.rewrite === null ? 'Remove the rewrite' : `Rewrite ${wordRewrite(edit.rewrite)}`, on: wordRule(edit.rule) };
    case 'headers':
      return {
        title: edit.headers === null ? 'Remove the header operations' : `Change headers: ${wordHeaders(edit.headers)}`,
        on: wordRule(edit.rule),
      };
    case 'cors':
      return { title: edit.cors === null ? 'Remove CORS' : `Allow CORS for ${wordCors(edit.cors)}`, on: wordRule(edit.rule) };
    case 'addRule':
      return {
        title: `Add a rule for ${wordWhen(edit.matches, edit.rule.list !== 'http')}`,
        on: edit.rule.object === null ? wordRule(edit.rule) : `place ${edit.rule.index + 1} of ${refText(edit.rule.object)}`,
      };
    case 'moveRule':
      return { title: `Move to place ${edit.to + 1}`, on: wordRule(edit.rule) };
    case 'removeRule':
      return { title: 'Remove the rule', on: wordRule(edit.rule) };
    case 'disableRule':
      return { title: 'Switch the rule off', on: wordRule(edit.rule) };
    case 'enableRule':
      return { title: `Switch rule ${edit.position + 1} of those that are off on again`, on: refText(edit.object) };
    case 'trafficPolicy':
      return {
        title: `Set the traffic policy: ${wordPolicy(edit.policy)}`,
        on: edit.subset === null ? shortHost(edit.host) : `subset ${edit.subset} of ${shortHost(edit.host)}`,
      };
    case 'subsets':
      return { title: `Define ${edit.subsets.map(({ name }) => name).join(', ')}`, on: `subsets of ${shortHost(edit.host)}` };
    case 'expose':
      return {
        title: `Expose ${shortHost(edit.host)}:${edit.port} at ${edit.hostnames.join(', ')}${edit.pathPrefix}`,
        on: refText(edit.gateway),
      };
    case 'yaml':
      return edit.ref === null ? { title: 'Create an object', on: 'YAML' } : { title: 'Replace by YAML', on: refText(edit.ref) };
    case 'delete':
      return { title: 'Delete the object', on: refText(edit.ref) };
  }
}
