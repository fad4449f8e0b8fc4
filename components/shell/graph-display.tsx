'use client';
// What is drawn of the graph and how: everything of the display menu. In: the screen of the URL. Out: changes of it. Names are Kiali's where it has one.
import type { ReactNode } from 'react';
import {
  AMBIENT_TRAFFIC,
  BOX_KINDS,
  type BoxKind,
  GRPC_RATES,
  HTTP_RATES,
  RANKINGS,
  type Ranking,
  TCP_RATES,
} from '../../model/view-options';
import type { ViewSpec } from '../../model/wire';
import { BADGE_GROUPS, type BadgeGroup } from '../graph/canvas/display';
import { DEFAULT_LAYOUT, LAYOUT_CHOICES, readLayoutName } from '../graph/layout/layout-names';
import type { Screen } from '../live/screen-url';
import { CheckGroup, RadioGroup } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import styles from './graph-display.module.css';
import { EDGE_MODE_CHOICES, LEVEL_CHOICES } from './graph-options';
import type { ScreenChange } from './use-screen-change';

interface Props {
  readonly screen: Screen;
  readonly change: (change: ScreenChange) => void;
}

type Shown = 'serviceNodes' | 'idle' | 'idleEdges' | 'operations' | 'waypoints';
const SHOWN: readonly { readonly value: Shown | 'traffic'; readonly label: string; readonly hint?: string }[] = [
  { value: 'serviceNodes', label: 'Service nodes', hint: 'Requests pass through the node of their service' },
  { value: 'operations', label: 'Operation nodes', hint: 'Where the metrics name operations' },
  { value: 'idle', label: 'Idle nodes', hint: 'Also what had no traffic in the window' },
  { value: 'idleEdges', label: 'Idle edges', hint: 'Reported still, but nothing counted in the window' },
  { value: 'waypoints', label: 'Waypoint proxies' },
  { value: 'traffic', label: 'Traffic animation' },
];
const RANKS: readonly { readonly value: Ranking; readonly label: string }[] = [
  { value: 'inbound', label: 'Inbound edges' },
  { value: 'outbound', label: 'Outbound edges' },
];
const BOXES: readonly { readonly value: BoxKind; readonly label: string }[] = [
  { value: 'cluster', label: 'Cluster boxes' },
  { value: 'namespace', label: 'Namespace boxes' },
  { value: 'app', label: 'App boxes' },
];
const BADGES: readonly { readonly value: BadgeGroup; readonly label: string }[] = [
  { value: 'sidecars', label: 'Missing sidecars' },
  { value: 'security', label: 'Security' },
  { value: 'virtualServices', label: 'Virtual services' },
];
const HTTP = { requests: 'Requests', none: 'Nothing' } as const;
const GRPC = {
  requests: 'Requests',
  sent: 'Sent messages',
  received: 'Received messages',
  total: 'Total messages',
  none: 'Nothing',
} as const;
const TCP = { sent: 'Sent bytes', received: 'Received bytes', total: 'Total bytes', none: 'Nothing' } as const;
const AMBIENT = { total: 'Total', waypoint: 'Waypoint', ztunnel: 'Ztunnel', none: 'Nothing' } as const;

const choicesOf = <T extends string>(
  values: readonly T[],
  words: Readonly<Record<T, string>>,
): readonly { readonly value: T; readonly label: string }[] => values.map((value) => ({ value, label: words[value] }));
/** In the order of `all`. */
const toggled = <T extends string>(all: readonly T[], chosen: readonly T[], value: T): readonly T[] =>
  all.filter((one) => (one === value ? !chosen.includes(one) : chosen.includes(one)));

export function GraphDisplay({ screen, change }: Props): ReactNode {
  const { view } = screen;
  const set = (part: Partial<ViewSpec>): void => change((now) => ({ view: { ...now.view, ...part } }));
  const shown = SHOWN.map(({ value }) => value).filter((value) => (value === 'traffic' ? screen.traffic : view[value]));
  const badges = BADGE_GROUPS.filter((group) => screen.badges === null || screen.badges.includes(group));
  const layout = readLayoutName(screen.layout) ?? DEFAULT_LAYOUT;
  return (
    <div className={styles['columns']}>
      <div>
        <CheckGroup
          legend="Show"
          choices={SHOWN}
          chosen={shown}
          onToggle={(value) =>
            change((now) => (value === 'traffic' ? { traffic: !now.traffic } : { view: { ...now.view, [value]: !now.view[value] } }))
          }
        />
        <CheckGroup
          legend="Rank nodes by"
          choices={RANKS}
          chosen={view.rank}
          onToggle={(value) => change((now) => ({ view: { ...now.view, rank: toggled(RANKINGS, now.view.rank, value) } }))}
        />
      </div>
      <div>
        <CheckGroup
          legend="Boxes"
          choices={BOXES}
          chosen={view.boxes}
          onToggle={(value) => change((now) => ({ view: { ...now.view, boxes: toggled(BOX_KINDS, now.view.boxes, value) } }))}
        />
        <CheckGroup
          legend="Badges"
          choices={BADGES}
          chosen={badges}
          onToggle={(value) => {
            const next = toggled(BADGE_GROUPS, badges, value);
            change(() => ({ badges: next.length === BADGE_GROUPS.length ? null : next }));
          }}
        />
        <RadioGroup legend="Detail" choices={LEVEL_CHOICES} chosen={view.level} onChoose={(level) => set({ level })} />
      </div>
      <div>
        <RadioGroup legend="Edges" choices={EDGE_MODE_CHOICES} chosen={screen.edges} onChoose={(edges) => change(() => ({ edges }))} />
        <fieldset className={styles['traffic']}>
          <legend>Traffic</legend>
          <span aria-hidden>HTTP</span>
          <ChoiceSelect
            name="HTTP traffic"
            value={view.rateHttp}
            choices={choicesOf(HTTP_RATES, HTTP)}
            onChoose={(rateHttp) => set({ rateHttp })}
          />
          <span aria-hidden>gRPC</span>
          <ChoiceSelect
            name="gRPC traffic"
            value={view.rateGrpc}
            choices={choicesOf(GRPC_RATES, GRPC)}
            onChoose={(rateGrpc) => set({ rateGrpc })}
          />
          <span aria-hidden>TCP</span>
          <ChoiceSelect
            name="TCP traffic"
            value={view.rateTcp}
            choices={choicesOf(TCP_RATES, TCP)}
            onChoose={(rateTcp) => set({ rateTcp })}
          />
          <span aria-hidden>Ambient</span>
          <ChoiceSelect
            name="Ambient traffic"
            value={view.ambientTraffic}
            choices={choicesOf(AMBIENT_TRAFFIC, AMBIENT)}
            onChoose={(ambientTraffic) => set({ ambientTraffic })}
          />
        </fieldset>
        <fieldset className={styles['traffic']}>
          <legend>Layout</legend>
          <span className={styles['whole']}>
            <ChoiceSelect
              name="Layout"
              value={layout}
              choices={LAYOUT_CHOICES}
              onChoose={(name) => change(() => ({ layout: name === DEFAULT_LAYOUT ? '' : name }))}
            />
            <span className={styles['hint']}>{LAYOUT_CHOICES.find(({ value }) => value === layout)?.hint}</span>
          </span>
        </fieldset>
      </div>
    </div>
  );
}
