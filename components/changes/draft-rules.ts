// The rules as they would be: the document with the draft's edits done in order. In: ServiceRoutingDocument, edits. Out: DraftRouting. Pure.
// For the eye only, at once, while the server's plan is on its way; what is written is what the server planned.
import { type Edit, type Intent, type RuleRef, refText } from '../../model/edit';
import type { RoutedDestination, RoutingRule, ServiceRoutingDocument } from '../../model/steering';
import { wordWhat, wordWhen } from './rule-words';
import { sharesOf } from './weight-link';

export type RulePart = 'weights' | 'match' | 'fault' | 'timeout' | 'retries' | 'mirror' | 'rewrite' | 'headers' | 'cors' | 'place';

export interface DraftRule {
  /** Stays while the rule is moved about. */
  readonly key: string;
  /** As it would be; `rule.rule.index` is its place after the draft. */
  readonly rule: RoutingRule;
  /** As it is; null: the draft adds it. */
  readonly was: RoutingRule | null;
  readonly changed: ReadonlySet<RulePart>;
}

export interface DraftDisabled {
  readonly words: string;
  /** Null: it is the draft that switches it off. */
  readonly enable: Extract<Intent, { readonly type: 'enableRule' }> | null;
  readonly enabledByDraft: boolean;
}

export interface DraftRouting {
  readonly rules: readonly DraftRule[];
  readonly disabled: readonly DraftDisabled[];
  /** Rules that the draft takes out, in words. */
  readonly removed: readonly string[];
}

const listOf = ({ object, list }: RuleRef): string => `${object === null ? 'new' : refText(object)} ${list}`;

const NOTHING: Omit<RoutingRule, 'rule' | 'words' | 'action'> = {
  name: null,
  gateways: ['mesh'],
  matches: [],
  destinations: [],
  fault: null,
  timeoutMs: null,
  retries: null,
  mirror: null,
  rewrite: null,
  headers: null,
  cors: null,
  raw: {},
  unreachable: null,
  liveShare: null,
};

/** Destinations of an edit with what the document knows of them. */
export function routeTo(
  document: ServiceRoutingDocument,
  destinations: readonly { readonly host: string; readonly subset: string | null; readonly port: number | null; readonly weight: number }[],
): readonly RoutedDestination[] {
  const shares = sharesOf(destinations.map(({ weight }) => weight));
  const known = document.rules.flatMap((rule) => rule.destinations);
  return destinations.map((one, i) => {
    const share = shares[i] ?? 0;
    const same = known.find(({ host, subset }) => host === one.host && subset === one.subset);
    const version =
      one.host === document.host && one.subset !== null
        ? document.versions.find(({ subset, labels }) => (subset ?? labels['version'] ?? null) === one.subset)
        : undefined;
    return {
      ...one,
      share,
      state: same?.state ?? (version?.readyEndpoints === 0 ? 'empty' : 'ok'),
      readyEndpoints: same?.readyEndpoints ?? version?.readyEndpoints ?? null,
      workloads: same?.workloads ?? version?.workloads ?? [],
      requestsPerSecond: same?.requestsPerSecond ?? version?.requestsPerSecond ?? null,
    };
  });
}

function buildNew(document: ServiceRoutingDocument, edit: Extract<Intent, { readonly type: 'addRule' }>): RoutingRule {
  const { rule, action, matches } = edit;
  const destinations = action.type === 'route' ? routeTo(document, action.destinations) : [];
  const what =
    action.type === 'redirect'
      ? `redirect with ${action.status} to ${action.authority ?? ''}${action.path ?? ''}`
      : action.type === 'respond'
        ? `answer ${action.status}`
        : '';
  const bare = {
    ...NOTHING,
    rule,
    name: edit.name,
    matches,
    action: action.type,
    destinations,
    fault: edit.fault ?? null,
    timeoutMs: edit.timeoutMs ?? null,
    words: { when: wordWhen(matches, rule.list !== 'http'), what, also: [] },
  } satisfies RoutingRule;
  return { ...bare, words: { ...bare.words, what: wordWhat(bare, document.host) } };
}

/** One part changed; its words follow. */
function withPart(document: ServiceRoutingDocument, one: DraftRule, change: Partial<RoutingRule>, part: RulePart): DraftRule {
  const rule = { ...one.rule, ...change };
  const words = {
    ...rule.words,
    when: part === 'match' && rule.matches !== null ? wordWhen(rule.matches, rule.rule.list !== 'http') : rule.words.when,
    what: part === 'weights' ? wordWhat(rule, document.host) : rule.words.what,
  };
  return { ...one, rule: { ...rule, words }, changed: new Set([...one.changed, part]) };
}

class Projection {
  readonly #document: ServiceRoutingDocument;
  #rules: readonly DraftRule[];
  #disabled: readonly DraftDisabled[];
  #removed: readonly string[] = [];
  #added = 0;

  constructor(document: ServiceRoutingDocument) {
    this.#document = document;
    this.#rules = document.rules.map((rule) => ({
      key: `${listOf(rule.rule)} ${rule.rule.index}`,
      rule,
      was: rule,
      changed: new Set<RulePart>(),
    }));
    this.#disabled = document.disabledRules.map(({ object, position, words }) => ({
      words,
      enable: { type: 'enableRule', object, position },
      enabledByDraft: false,
    }));
  }

  result(): DraftRouting {
    return { rules: this.#rules, disabled: this.#disabled, removed: this.#removed };
  }

  do(edit: Edit): void {
    switch (edit.type) {
      case 'weights':
        this.#weights(edit);
        break;
      case 'match':
        this.#part(edit.rule, { matches: edit.matches }, 'match');
        break;
      case 'fault':
        this.#part(edit.rule, { fault: edit.fault }, 'fault');
        break;
      case 'timeout':
        this.#part(edit.rule, { timeoutMs: edit.milliseconds }, 'timeout');
        break;
      case 'retries':
        this.#part(edit.rule, { retries: edit.retries }, 'retries');
        break;
      case 'mirror':
        this.#part(edit.rule, { mirror: edit.mirror }, 'mirror');
        break;
      case 'rewrite':
        this.#part(edit.rule, { rewrite: edit.rewrite }, 'rewrite');
        break;
      case 'headers':
        this.#part(edit.rule, { headers: edit.headers }, 'headers');
        break;
      case 'cors':
        this.#part(edit.rule, { cors: edit.cors }, 'cors');
        break;
      case 'addRule':
        this.#add(edit);
        break;
      case 'moveRule':
        this.#move(edit.rule, edit.to);
        break;
      case 'removeRule':
        this.#removed = [...this.#removed, ...this.#take(edit.rule).map(({ rule }) => `${rule.words.when}: ${rule.words.what}`)];
        break;
      case 'disableRule': {
        const gone = this.#take(edit.rule);
        this.#disabled = [
          ...this.#disabled,
          ...gone.map(({ rule }) => ({ words: `${rule.words.when}: ${rule.words.what}`, enable: null, enabledByDraft: false })),
        ];
        break;
      }
      case 'enableRule':
        this.#disabled = this.#disabled.map((one) =>
          one.enable !== null && refText(one.enable.object) === refText(edit.object) && one.enable.position === edit.position
            ? { ...one, enabledByDraft: true }
            : one,
        );
        break;
      case 'trafficPolicy':
      case 'subsets':
      case 'expose':
      case 'yaml':
      case 'delete':
        break;
    }
  }

  #at(ref: RuleRef): number {
    return this.#rules.findIndex(({ rule }) => listOf(rule.rule) === listOf(ref) && rule.rule.index === ref.index);
  }

  #part(ref: RuleRef, change: Partial<RoutingRule>, part: RulePart): void {
    const at = this.#at(ref);
    this.#rules = this.#rules.map((one, i) => (i === at ? withPart(this.#document, one, change, part) : one));
  }

  #weights(edit: Extract<Intent, { readonly type: 'weights' }>): void {
    const destinations = routeTo(this.#document, edit.destinations);
    // No route object yet: the split is the new rule.
    if (this.#at(edit.rule) < 0 && edit.rule.object === null)
      this.#add({ type: 'addRule', rule: edit.rule, name: null, matches: [], action: { type: 'route', destinations: edit.destinations } });
    else this.#part(edit.rule, { action: 'route', destinations }, 'weights');
  }

  #add(edit: Extract<Intent, { readonly type: 'addRule' }>): void {
    this.#added += 1;
    const one: DraftRule = { key: `new ${this.#added}`, rule: buildNew(this.#document, edit), was: null, changed: new Set() };
    const fresh = edit.rule.object === null && !this.#rules.some(({ rule }) => listOf(rule.rule) === listOf(edit.rule));
    this.#insert(one, edit.rule);
    // What no condition of the first rule takes goes on as it did: the plan puts a rule for it behind the first.
    if (fresh && edit.matches.some((match) => Object.keys(match).length > 0)) this.#addRest(edit.rule);
  }

  #addRest(rule: RuleRef): void {
    const { host, ports } = this.#document;
    const port = rule.as === 'HTTPRoute' ? (rule.port ?? ports[0]?.port ?? null) : null;
    this.#add({
      type: 'addRule',
      rule: { ...rule, index: 1 },
      name: null,
      matches: [],
      action: { type: 'route', destinations: [{ host, subset: null, port, weight: 100 }] },
    });
  }

  /** Before the rule that stands at the reference, or behind the last of its list. */
  #insert(one: DraftRule, ref: RuleRef): void {
    const list = listOf(ref);
    const at = this.#at(ref);
    const last = this.#rules.findLastIndex(({ rule }) => listOf(rule.rule) === list);
    const place = at >= 0 ? at : last >= 0 ? last + 1 : this.#rules.length;
    this.#rules = [...this.#rules.slice(0, place), one, ...this.#rules.slice(place)];
    this.#renumber(list);
  }

  #take(ref: RuleRef): readonly DraftRule[] {
    const at = this.#at(ref);
    const one = this.#rules[at];
    if (one === undefined) return [];
    this.#rules = this.#rules.filter((_, i) => i !== at);
    this.#renumber(listOf(ref));
    return [one];
  }

  #move(ref: RuleRef, to: number): void {
    const [one] = this.#take(ref);
    if (one === undefined) return;
    this.#insert({ ...one, changed: new Set([...one.changed, 'place']) }, { ...ref, index: to });
  }

  #renumber(list: string): void {
    let index = 0;
    this.#rules = this.#rules.map((one) => {
      if (listOf(one.rule.rule) !== list) return one;
      const rule = { ...one.rule, rule: { ...one.rule.rule, index } };
      index += 1;
      return { ...one, rule };
    });
  }
}

/** The rules, those that are off, and those that go, after all edits. */
export function projectRouting(document: ServiceRoutingDocument, edits: readonly Edit[]): DraftRouting {
  const projection = new Projection(document);
  for (const edit of edits) projection.do(edit);
  return projection.result();
}
