// What lists can be narrowed to by what the analysis found, in words. In: nothing. Out: choices. Pure.
import { FINDING_CHOICES, type FindingChoice } from '../../model/list-filter';

const FINDING_WORDS: Readonly<Record<FindingChoice, string>> = {
  any: 'With findings',
  error: 'With errors',
  warning: 'With warnings',
  info: 'With remarks',
  none: 'Without findings',
};

export const FINDING_OPTIONS: readonly { readonly value: FindingChoice | ''; readonly label: string }[] = [
  { value: '', label: 'Any findings' },
  ...FINDING_CHOICES.map((value) => ({ value, label: FINDING_WORDS[value] })),
];
