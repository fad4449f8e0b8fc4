// Tests of export-query: defaults, labels with what they need, faults by name; and the description of the API says the same.
import { describe, expect, it } from 'vitest';
import { OPENAPI } from '../../server/api/openapi';
import { EDGE_LABELS, EDGE_MODES } from '../live/screen-url';
import { decodeExport } from './export-query';

const decode = (text: string): ReturnType<typeof decodeExport> => decodeExport(new URLSearchParams(text));

describe('decodeExport', () => {
  it('takes defaults, and collects what labels need', () => {
    expect(decode('')).toEqual({ format: 'json', labels: ['rate', 'errors'], edges: 'all', theme: 'light', overlays: [] });
    expect(decode('format=svg&labels=p95,mtls,avg&theme=dark&edges=unhealthy')).toEqual({
      format: 'svg',
      labels: ['p95', 'mtls', 'avg'],
      edges: 'unhealthy',
      theme: 'dark',
      overlays: ['latency', 'quantiles'],
    });
    expect(decode('format=dot&labels=').labels).toEqual([]);
  });

  it('names every fault', () => {
    expect(() => decode('format=png&theme=blue&labels=rate,speed')).toThrow(/format="png".*labels="rate,speed".*theme="blue"/);
  });

  it('is what the description of the API says', () => {
    const { parameters } = OPENAPI.paths['/api/graph/export'].get;
    const byName = new Map(
      parameters.map((one) => {
        const { name, description, schema } = one as {
          readonly name: string;
          readonly description: string;
          readonly schema: { readonly enum?: readonly string[] };
        };
        return [name, { description, choices: schema.enum ?? [] }] as const;
      }),
    );
    expect(byName.get('edges')?.choices).toEqual(EDGE_MODES);
    for (const label of EDGE_LABELS) expect(byName.get('labels')?.description).toContain(label);
  });
});
