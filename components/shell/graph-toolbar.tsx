'use client';
// The toolbar of the graph: type, labels, display, find, table, legend, panel. In: the screen of the URL. Out: changes of it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import InfoAltIcon from '@patternfly/react-icons/dist/esm/icons/info-alt-icon';
import ListIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import MapIcon from '@patternfly/react-icons/dist/esm/icons/map-icon';
import SlidersHIcon from '@patternfly/react-icons/dist/esm/icons/sliders-h-icon';
import type { ReactNode } from 'react';
import type { ViewSpec } from '../../model/wire';
import { listOverlays } from '../live/label-overlays';
import type { EdgeLabel, Screen } from '../live/screen-url';
import { CheckGroup, RadioGroup } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import { Disclosure } from '../ui/disclosure';
import { EDGE_MODE_CHOICES, GRAPH_TYPE_CHOICES, LABEL_CHOICES, LEVEL_CHOICES, toggleLabel } from './graph-options';
import styles from './graph-page.module.css';
import type { ScreenChange } from './use-screen-change';

interface Props {
  readonly screen: Screen;
  readonly change: (change: ScreenChange) => void;
  readonly narrow: boolean;
  readonly find: ReactNode;
  readonly exporter: ReactNode;
  readonly table: boolean;
  readonly onTable: (on: boolean) => void;
  readonly legend: boolean;
  readonly onLegend: (on: boolean) => void;
  readonly panel: boolean;
  readonly onPanel: (on: boolean) => void;
}

type Shown = 'serviceNodes' | 'idle' | 'traffic';
const SHOWN_CHOICES: readonly { readonly value: Shown; readonly label: string; readonly hint?: string }[] = [
  { value: 'serviceNodes', label: 'Service nodes', hint: 'Requests pass through the node of their service' },
  { value: 'idle', label: 'Idle nodes', hint: 'Also what had no traffic in the window' },
  { value: 'traffic', label: 'Traffic animation' },
];

/** Changes the labels and, with them, what the server collects. */
export const applyLabels = (view: ViewSpec, labels: readonly EdgeLabel[]): Partial<Screen> => ({
  labels,
  view: { ...view, overlays: listOverlays(labels) },
});

function LabelGroup({ screen, change }: Pick<Props, 'screen' | 'change'>): ReactNode {
  return (
    <CheckGroup
      legend="On the edges"
      choices={LABEL_CHOICES}
      chosen={screen.labels}
      onToggle={(label) => change((now) => applyLabels(now.view, toggleLabel(now.labels, label)))}
    />
  );
}

function DisplayGroups({ screen, change }: Pick<Props, 'screen' | 'change'>): ReactNode {
  const { view } = screen;
  const shown = SHOWN_CHOICES.map(({ value }) => value).filter((value) => (value === 'traffic' ? screen.traffic : view[value]));
  const toggle = (value: Shown): void =>
    change((now) => (value === 'traffic' ? { traffic: !now.traffic } : { view: { ...now.view, [value]: !now.view[value] } }));
  const hide = (text: string): void => {
    if (text.trim() !== view.hide) change((now) => ({ view: { ...now.view, hide: text.trim() } }));
  };
  return (
    <>
      <CheckGroup legend="Show" choices={SHOWN_CHOICES} chosen={shown} onToggle={toggle} />
      <RadioGroup
        legend="Detail"
        choices={LEVEL_CHOICES}
        chosen={view.level}
        onChoose={(level) => change((now) => ({ view: { ...now.view, level } }))}
      />
      <RadioGroup legend="Edges" choices={EDGE_MODE_CHOICES} chosen={screen.edges} onChoose={(edges) => change(() => ({ edges }))} />
      <div className={styles['hide']}>
        <label htmlFor="graph-hide">Hide what matches</label>
        <TextInput
          key={view.hide}
          defaultValue={view.hide}
          placeholder="e.g. healthy"
          id="graph-hide"
          onBlur={(event) => hide(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') hide(event.currentTarget.value);
          }}
        />
      </div>
    </>
  );
}

interface ToggleProps {
  readonly name: string;
  readonly icon: ReactNode;
  readonly on: boolean;
  readonly onToggle: (on: boolean) => void;
  readonly narrow: boolean;
}

/** Icon and word where there is room. */
function Toggle({ name, icon, on, onToggle, narrow }: ToggleProps): ReactNode {
  return (
    <Button variant="control" icon={icon} aria-label={name} title={name} aria-pressed={on} isClicked={on} onClick={() => onToggle(!on)}>
      {narrow ? undefined : name}
    </Button>
  );
}

export function GraphToolbar(props: Props): ReactNode {
  const { screen, change, narrow, find } = props;
  const type = (
    <ChoiceSelect
      name="Graph type"
      value={screen.view.graphType}
      choices={GRAPH_TYPE_CHOICES}
      onChoose={(graphType) => change((now) => ({ view: { ...now.view, graphType } }))}
    />
  );
  return (
    <div className={styles['toolbar']} role="toolbar" aria-label="Graph">
      {narrow ? null : (
        <>
          {type}
          <Disclosure label="Labels" name="Labels on the edges">
            {() => <LabelGroup screen={screen} change={change} />}
          </Disclosure>
          <Disclosure label="Display" name="Display options">
            {() => <DisplayGroups screen={screen} change={change} />}
          </Disclosure>
        </>
      )}
      {find}
      <span className={styles['toggles']}>
        {narrow ? (
          <Disclosure label={undefined} icon={<SlidersHIcon />} name="Graph options">
            {() => (
              <div className={styles['allOptions']}>
                {type}
                <LabelGroup screen={screen} change={change} />
                <DisplayGroups screen={screen} change={change} />
              </div>
            )}
          </Disclosure>
        ) : null}
        {props.exporter}
        <Toggle narrow={narrow} name="Table" icon={<ListIcon />} on={props.table} onToggle={props.onTable} />
        <Toggle narrow={narrow} name="Legend" icon={<MapIcon />} on={props.legend} onToggle={props.onLegend} />
        <Toggle narrow={narrow} name="Details" icon={<InfoAltIcon />} on={props.panel} onToggle={props.onPanel} />
      </span>
    </div>
  );
}
