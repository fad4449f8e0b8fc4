// Strategic merge patch with its directives, on real built-in schemas.
import { describe, expect, it } from 'vitest';
import { BuiltinSchemas } from '../schemas/builtin';
import { applyStrategicMerge } from './strategic-merge';

const schema = new BuiltinSchemas().schemaOf('V1PodSpec');
const spec = {
  containers: [
    { name: 'a', image: 'a:1', ports: [{ containerPort: 80 }], args: ['x', 'y'] },
    { name: 'b', image: 'b:1' },
  ],
  tolerations: [{ key: 'old' }],
  volumes: [{ name: 'v', emptyDir: {} }],
};
const merge = (patch: unknown) => applyStrategicMerge(spec, patch, schema);

describe('applyStrategicMerge', () => {
  it('merges lists by their key and replaces lists without one', () => {
    expect(
      merge({
        containers: [
          { name: 'b', image: 'b:2' },
          { name: 'c', image: 'c:1' },
        ],
      }),
    ).toMatchObject({
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:2' },
        { name: 'c', image: 'c:1' },
      ],
    });
    expect(merge({ tolerations: [{ key: 'new' }], containers: [{ name: 'a', args: ['z'] }] })).toMatchObject({
      tolerations: [{ key: 'new' }],
      containers: [{ name: 'a', args: ['z'], ports: [{ containerPort: 80 }] }, { name: 'b' }],
    });
  });

  it('deletes an item by $patch, replaces a list or an object by it', () => {
    expect(merge({ containers: [{ $patch: 'delete', name: 'a' }] })).toMatchObject({ containers: [{ name: 'b', image: 'b:1' }] });
    expect(merge({ containers: [{ name: 'z' }, { $patch: 'replace' }] })).toMatchObject({ containers: [{ name: 'z' }] });
    expect(applyStrategicMerge({ a: 1, b: 2 }, { $patch: 'replace', c: 3 }, undefined)).toEqual({ c: 3 });
    expect(merge({ tolerations: null })).not.toHaveProperty('tolerations');
  });

  it('follows $setElementOrder, keeping items it does not name behind the ones they followed', () => {
    const ordered = merge({ '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }], containers: [{ name: 'c' }] });
    expect(ordered).toMatchObject({ containers: [{ name: 'c' }, { name: 'a' }, { name: 'b' }] });
    const onlyOrder = merge({ '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] });
    expect(onlyOrder).toMatchObject({ containers: [{ name: 'b' }, { name: 'a' }] });
  });

  it('follows $retainKeys and $deleteFromPrimitiveList', () => {
    expect(merge({ volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] })).toMatchObject({
      volumes: [{ name: 'v', secret: { secretName: 's' } }],
    });
    const meta = new BuiltinSchemas().schemaOf('V1ObjectMeta');
    const patch = { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c', 'b'] };
    expect(applyStrategicMerge({ finalizers: ['a', 'b'] }, patch, meta)).toEqual({ finalizers: ['b', 'c'] });
  });
});
