// Which columns a list has, and what they sort by.
import { describe, expect, it } from 'vitest';
import { ENTITY_KINDS } from './entity';
import { columnKeysOf, csvColumnsOf, decodeColumns, standardColumnsOf, weighFindings } from './list-columns';

describe('columns of a list', () => {
  it('begin with the name in every list', () => {
    for (const kind of ENTITY_KINDS) expect(standardColumnsOf(kind)[0]).toBe('name');
  });

  it('leave out what a kind does not have', () => {
    expect(columnKeysOf('service')).not.toContain('outbound');
    expect(columnKeysOf('namespace')).not.toContain('kind');
    expect(csvColumnsOf('service').map(({ key }) => key)).not.toContain('out_requests_per_second');
  });

  it('are read in their order, with the name, without what the kind does not have', () => {
    expect(decodeColumns('service', 'kind,health,outbound,nonsense')).toEqual(['name', 'health', 'kind']);
    expect(decodeColumns('service', 'nonsense')).toBeNull();
  });

  it('order findings by the worst', () => {
    expect(weighFindings([1, 0, 0])).toBeGreaterThan(weighFindings([0, 50, 900]));
    expect(weighFindings([0, 1, 0])).toBeGreaterThan(weighFindings([0, 0, 900]));
  });
});
