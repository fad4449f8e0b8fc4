// Tests of fix-text: commands, continued commands, YAML with nesting, sentences around them.
import { describe, expect, it } from 'vitest';
import { splitFix } from './fix-text';

describe('splitFix', () => {
  it('parts sentences, commands and YAML', () => {
    const fix = [
      'Label the namespace and restart its workloads:',
      'kubectl label namespace shop istio-injection=enabled',
      'kubectl -n shop rollout restart deployment \\',
      '  frontend',
      'Or declare the host:',
      'apiVersion: networking.istio.io/v1',
      'kind: ServiceEntry',
      'spec:',
      '  hosts:',
      '  - api.example.com',
      'Then wait for the next refresh.',
    ].join('\n');
    expect(splitFix(fix).map(({ kind, text }) => [kind, text.split('\n').length])).toEqual([
      ['text', 1],
      ['command', 3],
      ['text', 1],
      ['yaml', 5],
      ['text', 1],
    ]);
  });

  it('drops the prompt of a command and keeps a plain sentence whole', () => {
    expect(splitFix('$ istioctl proxy-status')).toEqual([{ kind: 'command', text: 'istioctl proxy-status' }]);
    expect(splitFix('Give the Service a kubectl-friendly name.')).toEqual([
      { kind: 'text', text: 'Give the Service a kubectl-friendly name.' },
    ]);
    expect(splitFix('')).toEqual([]);
  });
});
