'use client';
// What the menu of an element offers: details, focus, paths, folding, the pages about it. In: id, document, view. Out: the menu; changes of the view.
import type { ReactNode } from 'react';
import { buildEntityPath } from '../../model/entity';
import { entityOfNode } from '../../model/entity-node';
import type { GraphBox, GraphEdge, GraphNode } from '../../model/graph';
import type { GraphDocument, ViewSpec } from '../../model/wire';
import { buildExplainHref } from '../panel/explain-link';
import { routingHref } from '../ui/config-address';
import { wordNode } from '../ui/node-words';
import { focusOn, foldPlace, placesOf, showPaths, toggleHub, unfoldPlace } from './graph-actions';
import { GraphMenu, type MenuItem } from './graph-menu';

export interface MenuPlace {
  readonly id: string | null;
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly place: MenuPlace;
  readonly document: GraphDocument;
  readonly view: ViewSpec;
  /** First end of paths whose second is still to be chosen. */
  readonly pathsFrom: string | null;
  readonly onView: (change: Partial<ViewSpec>) => void;
  readonly onDetails: (id: string) => void;
  readonly onPathsFrom: (id: string) => void;
  readonly onFit: () => void;
  readonly onTidy: () => void;
  readonly onClose: () => void;
}

/** Stand-ins of many have no neighbourhood of their own in the mesh. */
const isOne = (node: GraphNode): boolean => node.kind !== 'namespace' && node.kind !== 'hidden';

export function ElementMenu(props: Props): ReactNode {
  const { place, document } = props;
  const node = document.nodes.find(({ id }) => id === place.id);
  const box = document.boxes.find(({ id }) => id === place.id);
  const edge = document.edges.find(({ id }) => id === place.id);
  const [name, items] =
    node !== undefined
      ? [wordNode(node), nodeItems(node, props)]
      : box !== undefined
        ? [`${box.kind} ${box.label}`, boxItems(box, props)]
        : edge !== undefined
          ? edgeEntry(edge, props)
          : ['The graph', graphItems(props)];
  return <GraphMenu name={name} items={items} at={place} onClose={props.onClose} />;
}

function nodeItems(node: GraphNode, props: Props): readonly MenuItem[] {
  const { view, pathsFrom, onView } = props;
  const { id } = node;
  const explain = buildExplainHref({ source: node });
  const items: MenuItem[] = [{ label: 'Details', onChoose: () => props.onDetails(id) }];
  if (isOne(node)) {
    if (view.focus !== id) items.push({ label: 'Focus on this', onChoose: () => onView(focusOn(id)) });
    if (pathsFrom !== null && pathsFrom !== id)
      items.push({ label: 'Show all paths to here', onChoose: () => onView(showPaths(pathsFrom, id)) });
    items.push({ label: 'Show all paths to …', onChoose: () => props.onPathsFrom(id) });
  }
  items.push(...foldItems(node, props));
  if (isOne(node))
    items.push({
      label: view.hubs.includes(id) ? 'Draw its edges' : 'Tell its edges on its peers',
      onChoose: () => onView(toggleHub(view, id)),
    });
  const page = entityOfNode(node);
  if (page !== null) items.push({ label: `Page of ${page.name}`, href: buildEntityPath(page) });
  if (node.service !== null && node.kind === 'service')
    items.push({
      label: 'Service and routing',
      href: routingHref(node.namespace, node.service),
    });
  if (explain !== null) items.push({ label: 'Explain a request from here', href: explain });
  return items;
}

function foldItems(element: GraphNode | GraphBox, { view, document, onView }: Props): readonly MenuItem[] {
  return placesOf(element, document).map(({ name, kind, folded }) => ({
    label: `${folded ? 'Unfold' : 'Fold'} ${kind} ${kind === 'app' ? (name.split('/')[1] ?? name) : name}`,
    onChoose: () => onView(folded ? unfoldPlace(view, name) : foldPlace(view, name)),
  }));
}

const boxItems = (box: GraphBox, props: Props): readonly MenuItem[] => [
  { label: 'Details', onChoose: () => props.onDetails(box.id) },
  ...foldItems(box, props),
  ...(box.kind === 'namespace'
    ? [{ label: `Only namespace ${box.namespace}`, onChoose: () => props.onView({ namespaces: [box.namespace] }) }]
    : []),
];

function edgeEntry(edge: GraphEdge, props: Props): [string, readonly MenuItem[]] {
  const source = props.document.nodes.find(({ id }) => id === edge.source);
  const target = props.document.nodes.find(({ id }) => id === edge.target);
  const explain = buildExplainHref({ source, target, protocol: edge.protocol });
  return [
    `${source === undefined ? '?' : wordNode(source)} → ${target === undefined ? '?' : wordNode(target)}`,
    [
      { label: 'Details', onChoose: () => props.onDetails(edge.id) },
      ...(source !== undefined && target !== undefined && isOne(source) && isOne(target)
        ? [{ label: 'Show all paths between its ends', onChoose: () => props.onView(showPaths(edge.source, edge.target)) }]
        : []),
      ...(explain === null ? [] : [{ label: 'Explain a request over this edge', href: explain }]),
    ],
  ];
}

const graphItems = ({ view, onFit, onTidy, onView }: Props): readonly MenuItem[] => [
  { label: 'Show everything', onChoose: onFit },
  { label: 'Tidy up', onChoose: onTidy },
  ...(view.open.length + view.fold.length + view.hubs.length === 0
    ? []
    : [{ label: 'Fold and unfold as at first', onChoose: () => onView({ open: [], fold: [], hubs: [] }) }]),
];
