'use client';
// The toolbar of the graph: type, labels, display, find, table, legend, panel. In: the screen of the URL. Out: changes of it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import InfoAltIcon from '@patternfly/react-icons/dist/esm/icons/info-alt-icon';
import ListIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import MapIcon from '@patternfly/react-icons/dist/esm/icons/map-icon';
import SlidersHIcon from '@patternfly/react-icons/dist/esm/icons/sliders-h-icon';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { ViewSpec } from '../../model/wire';
import { listOverlays } from '../live/label-overlays';
import type { EdgeLabel, Screen } from '../live/screen-url';
import { CheckGroup } from '../ui/choice-group';
import { ChoiceSelect } from '../ui/choice-select';
import { Disclosure } from '../ui/disclosure';
import { GRAPH_TYPE_CHOICES, LABEL_CHOICES, toggleLabel } from './graph-options';
import styles from './graph-page.module.css';
import type { ScreenChange } from './use-screen-change';

// A menu that is closed at first.
const GraphDisplay = dynamic(() => import('./graph-display').then((file) => file.GraphDisplay), { ssr: false });

interface Props {
  readonly screen: Screen;
  readonly change: (change: ScreenChange) => void;
  readonly narrow: boolean;
  readonly find: ReactNode;
  readonly exporter: ReactNode;
  readonly saved: ReactNode;
  readonly table: boolean;
  readonly onTable: (on: boolean) => void;
  readonly legend: boolean;
  readonly onLegend: (on: boolean) => void;
  readonly panel: boolean;
  readonly onPanel: (on: boolean) => void;
}

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
          <Disclosure label="Display" name="Display options" wide>
            {() => <GraphDisplay screen={screen} change={change} />}
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
                <GraphDisplay screen={screen} change={change} />
              </div>
            )}
          </Disclosure>
        ) : null}
        {props.saved}
        {props.exporter}
        <Toggle narrow={narrow} name="Table" icon={<ListIcon />} on={props.table} onToggle={props.onTable} />
        <Toggle narrow={narrow} name="Legend" icon={<MapIcon />} on={props.legend} onToggle={props.onLegend} />
        <Toggle narrow={narrow} name="Details" icon={<InfoAltIcon />} on={props.panel} onToggle={props.onPanel} />
      </span>
    </div>
  );
}
