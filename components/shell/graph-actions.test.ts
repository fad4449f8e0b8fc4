// Focus, paths and folding as changes of the view.
import { describe, expect, it } from 'vitest';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { sampleBox, sampleDocument, sampleNode } from '../graph/sample-graph';
import { focusOn, foldPlace, leaveFocus, nameOf, placesOf, showPaths, stepHops, toggleHub, unfoldPlace } from './graph-actions';

const change = (view: ViewSpec, part: Partial<ViewSpec>): ViewSpec => ({ ...view, ...part });

describe('folding', () => {
  it('opens what was folded and folds what was opened, each name once', () => {
    const folded = change(DEFAULT_VIEW, foldPlace(DEFAULT_VIEW, 'shop'));
    expect(folded).toMatchObject({ fold: ['shop'], open: [] });
    const opened = change(folded, unfoldPlace(folded, 'shop'));
    expect(opened).toMatchObject({ fold: [], open: ['shop'] });
    expect(change(opened, unfoldPlace(opened, 'shop')).open).toEqual(['shop']);
  });

  it('knows what an element can be folded into', () => {
    const version = sampleNode('cart-v1', { kind: 'app', app: 'cart', version: 'v1' });
    const document = sampleDocument({ nodes: [version], boxes: [sampleBox('shop'), { ...sampleBox('shop'), kind: 'app', app: 'cart' }] });
    expect(placesOf(version, document).map(({ name }) => name)).toEqual(['shop/cart', 'shop']);
    expect(placesOf({ ...version, members: 3 }, sampleDocument({}))).toEqual([
      { name: 'shop/cart', kind: 'app', folded: true },
      { name: 'shop', kind: 'namespace', folded: false },
    ]);
    expect(placesOf(sampleNode('shop', { kind: 'namespace' }), document)).toEqual([{ name: 'shop', kind: 'namespace', folded: true }]);
    expect(placesOf(sampleBox('shop'), document)).toEqual([{ name: 'shop', kind: 'namespace', folded: false }]);
    expect(placesOf(sampleNode('x', { namespace: 'unknown' }), document)).toEqual([]);
  });
});

describe('focus', () => {
  it('steps between nothing and the most hops, never to none at all', () => {
    let view = change(DEFAULT_VIEW, focusOn('workload/c/shop/a'));
    expect(view).toMatchObject({ focus: 'workload/c/shop/a', up: 1, down: 1 });
    view = change(view, stepHops(view, 'up', -1));
    expect(view.up).toBe(0);
    expect(stepHops(view, 'down', -1)).toEqual({});
    for (let i = 0; i < 20; i++) view = change(view, stepHops(view, 'down', 1));
    expect(view.down).toBe(10);
    expect(change(view, leaveFocus())).toEqual(DEFAULT_VIEW);
  });

  it('is either around a node or between two', () => {
    const view = change(change(DEFAULT_VIEW, focusOn('a/b')), showPaths('a/b', 'a/c'));
    expect(view).toMatchObject({ focus: null, from: 'a/b', to: 'a/c' });
    expect(change(view, focusOn('a/d'))).toMatchObject({ focus: 'a/d', from: null, to: null });
  });

  it('tells hubs on their peers and back', () => {
    const view = change(DEFAULT_VIEW, toggleHub(DEFAULT_VIEW, 'a/b'));
    expect(view.hubs).toEqual(['a/b']);
    expect(toggleHub(view, 'a/b').hubs).toEqual([]);
  });
});

it('names nodes that are not drawn by their ids', () => {
  expect(nameOf('workload/c/shop/a%2fb', null, ({ label }) => label)).toBe('a/b');
  expect(nameOf(sampleNode('cart').id, sampleDocument({ nodes: [sampleNode('cart', { label: 'Cart' })] }), ({ label }) => label)).toBe(
    'Cart',
  );
});
