// Words of the overview. In: modes, sorts. Out: texts. Pure.
import { HEALTH_ORDER, HEALTH_WORDS } from '../ui/health-words';
import { MODES, type Mode, type NamespaceSort, SORTS } from './namespace-filter';

export const NAMESPACE_MODE_WORDS: Readonly<Record<Mode, string>> = {
  sidecar: 'Sidecar',
  ambient: 'Ambient',
  controlPlane: 'Control plane',
  none: 'Not in the mesh',
};

const SORT_WORDS: Readonly<Record<NamespaceSort, string>> = {
  health: 'Worst health first',
  name: 'Name',
  traffic: 'Most traffic first',
  errors: 'Most errors first',
  mtls: 'Least mTLS first',
};

export const SORT_CHOICES = SORTS.map((value) => ({ value, label: SORT_WORDS[value] }));
export const HEALTH_CHOICES = [{ value: '', label: 'Any health' }, ...HEALTH_ORDER.map((value) => ({ value, label: HEALTH_WORDS[value] }))];
export const MODE_CHOICES = [{ value: '', label: 'Any mode' }, ...MODES.map((value) => ({ value, label: NAMESPACE_MODE_WORDS[value] }))];
