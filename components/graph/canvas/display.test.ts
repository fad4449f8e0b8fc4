// Switched badges, layouts without boxes, marks: what of a document is drawn, what is dimmed.
import { describe, expect, it } from 'vitest';
import { sampleBox, sampleDocument, sampleId, sampleNode } from '../sample-graph';
import { chosenBadges, shapeDocument } from './display';
import { brightUnder, type Marks, markText } from './marks';

describe('shapeDocument', () => {
  const cluster = sampleBox('east', { kind: 'cluster' });
  const shop = sampleBox('shop', { parent: cluster.id });
  const app = sampleBox('cart', { kind: 'app', parent: shop.id });
  const document = sampleDocument({
    boxes: [cluster, shop, app],
    nodes: [sampleNode('a', { parent: app.id, badges: ['noSidecar', 'gateway', 'faultInjection'] }), sampleNode('b', { parent: shop.id })],
  });

  it('leaves a document alone when everything is drawn', () => {
    expect(shapeDocument(document, { boxes: true, badges: null })).toBe(document);
  });

  it('puts everything at the top where no boxes are drawn', () => {
    const shaped = shapeDocument(document, { boxes: false, badges: null });
    expect(shaped.boxes).toEqual([]);
    expect(shaped.nodes.map((node) => node.parent)).toEqual([null, null]);
  });

  it('draws the badges of the chosen groups and those of none', () => {
    expect(shapeDocument(document, { boxes: true, badges: ['sidecars'] }).nodes[0]?.badges).toEqual(['noSidecar', 'gateway']);
    expect(chosenBadges(['noSidecar', 'faultInjection'], [])).toEqual([]);
  });
});

describe('marks', () => {
  const marks: Marks = new Map([
    [sampleId('a'), { tone: 'dim' }],
    [sampleId('b'), { tone: 'worse', text: '+12 %' }],
  ]);

  it('dim only what they say, within what is bright anyway', () => {
    const all = [sampleId('a'), sampleId('b'), sampleId('c')];
    expect(brightUnder(marks, null, () => all)).toEqual(new Set([sampleId('b'), sampleId('c')]));
    expect(brightUnder(marks, new Set([sampleId('a'), sampleId('b')]), () => all)).toEqual(new Set([sampleId('b')]));
    expect(brightUnder(new Map(), null, () => all)).toBeNull();
    expect(brightUnder(null, null, () => all)).toBeNull();
  });

  it('are told by a sign, not by colour alone', () => {
    expect(markText({ tone: 'worse', text: '+12 %' })).toBe('▲ +12 %');
    expect(markText({ tone: 'removed' })).toBe('−');
    expect(markText({ tone: 'path' })).toBe('');
  });
});
