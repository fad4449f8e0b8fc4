// Every code that a finding can carry: title, severity, codes of other catalogues, where it is explained.
// In: nothing. Out: CATALOGUE. Codes are Istio's, else Kiali's, else ours (HED); a code never changes its meaning.
import type { FindingSeverity } from '../../model/finding';

export interface CatalogueEntry {
  readonly title: string;
  /** What it is by default; rules give others where the case is milder or worse. */
  readonly severity: FindingSeverity;
  readonly also?: readonly FindingSeverity[];
  /** Codes of other catalogues for the same thing; where there are several, the rule says which. */
  readonly aliases: readonly string[];
  /** Null: ours, explained by its own words. */
  readonly url: string | null;
}

const istio = (
  code: string,
  title: string,
  severity: FindingSeverity,
  aliases: readonly string[] = [],
  also: readonly FindingSeverity[] = [],
): CatalogueEntry => ({ title, severity, also, aliases, url: `https://istio.io/latest/docs/reference/config/analysis/${code}/` });

const kiali = (code: string, title: string, severity: FindingSeverity, also: readonly FindingSeverity[] = []): CatalogueEntry => ({
  title,
  severity,
  also,
  aliases: [],
  url: `https://kiali.io/docs/features/validations/#${code}`,
});

const ours = (title: string, severity: FindingSeverity, also: readonly FindingSeverity[] = []): CatalogueEntry => ({
  title,
  severity,
  also,
  aliases: [],
  url: null,
});

export const CATALOGUE = {
  IST0002: istio('ist0002', 'A field is deprecated', 'warning'),
  IST0101: istio(
    'ist0101',
    'A referenced object does not exist',
    'error',
    ['KIA1101', 'KIA1102', 'KIA1107', 'KIA0302', 'KIA1004'],
    ['warning'],
  ),
  IST0106: istio('ist0106', 'The object breaks the rules of its kind', 'error'),
  IST0109: istio('ist0109', 'Several VirtualServices for one host in the mesh', 'error', ['KIA1106'], ['info']),
  IST0110: istio('ist0110', 'Several Sidecars select the same workload', 'error', ['KIA0003']),
  IST0111: istio('ist0111', 'Several Sidecars without selector in one namespace', 'error', ['KIA0002']),
  IST0112: istio('ist0112', 'A destination with several ports needs one to be named', 'error', [], ['info']),
  IST0118: istio('ist0118', 'The name of a port does not say its protocol', 'info', ['KIA0601']),
  IST0127: istio('ist0127', 'A selector matches no workload', 'warning', ['KIA0004']),
  IST0128: istio('ist0128', 'TLS to a destination without verifying its certificate', 'warning', [], ['info']),
  IST0129: istio('ist0129', 'TLS to a port without verifying its certificate', 'warning', [], ['info']),
  IST0130: istio('ist0130', 'A rule can never win', 'warning'),
  IST0131: istio('ist0131', 'A match has no effect', 'info'),
  IST0132: istio('ist0132', 'A host of a VirtualService is not served by its gateway', 'warning'),
  IST0133: istio('schema-warning', 'A field is not known', 'warning'),
  IST0134: istio('ist0134', 'A ServiceEntry for TCP needs addresses', 'warning'),
  IST0138: istio('ist0138', 'Gateways share a certificate', 'warning'),
  IST0140: istio('ist0140', 'Subsets that requests by a gateway do not see', 'warning'),
  IST0145: istio('ist0145', 'Gateways conflict', 'error', ['KIA0301'], ['warning', 'info']),
  IST0149: istio('ist0149', 'Routing by a claim without RequestAuthentication', 'error'),
  IST0162: istio('ist0162', 'A port of a Gateway is not on its service', 'warning'),
  IST0165: istio('ist0165', 'A gateway that Istio makes by itself is named', 'warning'),
  IST0166: istio('ist0166', 'A selector has no effect on a waypoint', 'warning'),
  IST0167: istio('ist0167', 'A Sidecar for pods in ambient mode', 'warning'),
  IST0171: istio('ist0171', 'The control plane reports a problem', 'warning'),
  IST0173: istio('ist0173', 'A subset selects no pods', 'error', ['KIA0203'], ['warning']),
  IST0174: istio('ist0174', 'The host of a DestinationRule is not known', 'warning', ['KIA0202']),
  IST0177: istio('ist0177', 'ServiceEntries of one host disagree on a protocol', 'warning', ['KIA1212']),
  KIA0002: kiali('kia0002', 'Several policies without selector in one namespace', 'error'),
  KIA0003: kiali('kia0003', 'Several policies select the same workload', 'error'),
  KIA0005: kiali('kia0005', 'An object is exported to a namespace that does not exist', 'warning'),
  KIA0101: kiali('kia0101', 'A policy names a namespace that does not exist', 'warning'),
  KIA0102: kiali('kia0102', 'A policy names a method that does not exist', 'warning'),
  KIA0104: kiali('kia0104', 'A policy names a host that is not known', 'warning'),
  KIA0105: kiali('kia0105', 'A policy asks for an identity where mutual TLS is off', 'error'),
  KIA0106: kiali('kia0106', 'A policy names a service account that no pod has', 'warning'),
  KIA0108: kiali('kia0108', 'A policy names another trust domain', 'info'),
  KIA0109: kiali('kia0109', 'A policy asks for what only a waypoint can enforce', 'warning'),
  KIA0110: kiali('kia0110', 'A policy for a waypoint selects pods', 'warning'),
  KIA0201: kiali('kia0201', 'Several DestinationRules for one host', 'warning'),
  KIA0204: kiali('kia0204', 'A DestinationRule hides the TLS settings of a wider one', 'warning'),
  KIA0205: kiali('kia0205', 'Mutual TLS for the mesh without PeerAuthentication', 'info'),
  KIA0206: kiali('kia0206', 'Mutual TLS for a namespace without PeerAuthentication', 'info'),
  KIA0207: kiali('kia0207', 'TLS is disabled to a server that demands mutual TLS', 'error'),
  KIA0208: kiali('kia0208', 'TLS is disabled while the mesh demands mutual TLS', 'error'),
  KIA0209: kiali('kia0209', 'A subset has no labels', 'warning', ['info']),
  KIA0211: kiali('kia0211', 'A DestinationRule for a service without a waypoint', 'warning', ['info']),
  KIA0505: kiali('kia0505', 'Mutual TLS to a namespace that disables it', 'error'),
  KIA0506: kiali('kia0506', 'Mutual TLS while the mesh disables it', 'error'),
  KIA1006: kiali('kia1006', 'A Sidecar with selector in the root namespace', 'warning'),
  KIA1104: kiali('kia1104', 'The weight of a single destination is ignored', 'warning'),
  KIA1105: kiali('kia1105', 'A destination stands twice in a rule', 'warning'),
  KIA1108: kiali('kia1108', 'A gateway is named in an old form', 'info'),
  KIA1110: kiali('kia1110', 'Tokens are looked at where no waypoint stands', 'warning'),
  KIA1113: kiali('kia1113', 'A VirtualService for a service without a waypoint', 'warning', ['info']),
  KIA1115: kiali('kia1115', 'A RequestAuthentication for a waypoint selects pods', 'warning'),
  KIA1211: kiali('kia1211', 'Several ServiceEntries for one host and port', 'warning'),
  KIA1311: kiali('kia1311', 'A workload asks for a sidecar and for ambient mode', 'error'),
  KIA1312: kiali('kia1312', 'A workload asks for a waypoint without ambient mode', 'warning'),
  KIA1313: kiali('kia1313', 'A waypoint that is asked for does not exist', 'error'),
  KIA1314: kiali('kia1314', 'A workload that asks for a sidecar is captured into ambient mode', 'error'),
  KIA1315: kiali('kia1315', 'A pod with a sidecar is labelled for ambient mode', 'error'),
  KIA1316: kiali('kia1316', 'A sidecar in a namespace in ambient mode', 'warning'),
  KIA1317: kiali('kia1317', 'A policy for HTTP on a workload without a waypoint', 'warning'),
  KIA1401: kiali('kia1401', 'A route cannot attach to its parent', 'error'),
  KIA1402: kiali('kia1402', 'A backend of a route cannot be used', 'error'),
  KIA1501: kiali('kia1501', 'Gateways on the same proxies share a listener', 'warning'),
  KIA1502: kiali('kia1502', 'Gateways ask for the same address', 'warning'),
  KIA1503: kiali('kia1503', 'A listener stands twice in a Gateway', 'error'),
  KIA1504: kiali('kia1504', 'The class of a Gateway is not known', 'error'),
  KIA1601: kiali('kia1601', 'A ReferenceGrant is for a namespace that does not exist', 'warning'),
  HED0001: ours('Traffic goes where no pod is ready', 'error', ['warning']),
  HED0002: ours('A destination names a port that its service does not have', 'error'),
  HED0003: ours('A try may take longer than the whole request', 'warning'),
  HED0004: ours('Mutual TLS to pods that have no proxy', 'error'),
  HED0005: ours('A public host is routed for the mesh only', 'warning'),
  HED0006: ours('A delegation has no effect', 'error', ['warning']),
  HED0007: ours('HTTP rules for a host that speaks no HTTP', 'warning'),
  HED0008: ours('A fault that never happens', 'warning'),
  HED0009: ours('A route without any destination that counts', 'error'),
  HED0010: ours('A regular expression that RE2 refuses', 'error'),
  HED0011: ours('A suppression that cannot be read', 'info'),
  HED0012: ours('A policy that is not used', 'warning'),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type Code = keyof typeof CATALOGUE;

const BY_CODE: ReadonlyMap<string, CatalogueEntry> = new Map(Object.entries(CATALOGUE));

/** What is known of a code; null for one that no rule gives. */
export const catalogueEntry = (code: string): CatalogueEntry | null => BY_CODE.get(code) ?? null;
