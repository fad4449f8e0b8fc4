// TLS from the client (SIMPLE, MUTUAL) that verifies no certificate.
import { readDestinationRule } from '../../istio/read/destination-rule';
import { Fields } from '../../istio/read/fields';
import type { Report, Rule } from '../rule';

export const tlsVerification: Rule = {
  name: 'tls-verification',
  codes: ['IST0128', 'IST0129'],
  on: ['DestinationRule'],
  reads: [],
  *check({ object }) {
    const { host } = readDestinationRule(object);
    const spec = Fields.ofSpec(object);
    const policies = [spec, ...spec.objects('subsets')].flatMap((owner) => owner.object('trafficPolicy') ?? []);
    for (const policy of policies) {
      yield* checkTls(policy.object('tls'), host, 'IST0128');
      for (const port of policy.objects('portLevelSettings')) yield* checkTls(port.object('tls'), host, 'IST0129');
    }
  },
};

function* checkTls(tls: Fields | null, host: string, code: 'IST0128' | 'IST0129'): Generator<Report> {
  const mode = tls?.text('mode');
  if (!tls || (mode !== 'SIMPLE' && mode !== 'MUTUAL')) return;
  const skips = tls.flag('insecureSkipVerify') === true;
  if (!skips && ['caCertificates', 'credentialName'].some((name) => tls.text(name))) return;
  yield {
    code,
    // Without authorities of its own the proxy takes the system's; only to skip is to verify nothing.
    ...(skips ? {} : { severity: 'info' }),
    path: tls.path,
    message: skips
      ? `tls mode ${mode} to ${host} with insecureSkipVerify: the server's certificate is not verified`
      : `tls mode ${mode} to ${host} without caCertificates`,
    consequence: skips
      ? 'traffic is encrypted, but anybody in between can answer'
      : "the server's certificate is verified by the system's authorities only (in older versions of Istio by none at all)",
  };
}
