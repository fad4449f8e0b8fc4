// Changes of a comparison in words and short texts. In: measures, tones. Out: texts. Pure.
import type { ChangeTone, Measure, MeasureChange } from '../../model/comparison';
import { formatByteRate, formatLatency, formatRate, formatShare, NO_VALUE } from '../ui/format';

export const TONE_WORDS: Readonly<Record<ChangeTone, string>> = {
  added: 'Added',
  removed: 'Removed',
  worse: 'Worse',
  better: 'Better',
  changed: 'Changed',
  noise: 'Noise',
};

/** Beside the word, so that colour is not alone; the same as on the canvas. */
export const TONE_SIGNS: Readonly<Record<ChangeTone, string>> = {
  added: '+',
  removed: '−',
  worse: '▲',
  better: '▼',
  changed: '◆',
  noise: '·',
};

export const TONE_ORDER: readonly ChangeTone[] = ['worse', 'removed', 'added', 'better', 'changed', 'noise'];

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  rate: 'Rate',
  errors: 'Errors',
  average: 'Average',
  p50: 'P50',
  p95: 'P95',
  mtls: 'mTLS',
  bytes: 'Bytes',
};

export function formatMeasure(measure: Measure, value: number | null): string {
  switch (measure) {
    case 'rate':
      return formatRate(value);
    case 'errors':
    case 'mtls':
      return formatShare(value);
    case 'average':
    case 'p50':
    case 'p95':
      return formatLatency(value);
    case 'bytes':
      return formatByteRate(value);
  }
}

const signed = (value: number, digits: number): string => {
  const text = Math.abs(value).toFixed(digits).replace(/\.0+$/, '');
  return `${value < 0 ? '−' : '+'}${text}`;
};

/** "+12 %", "×3.4" from twice on, "+4.2 pp" for shares. */
export function wordSize({ measure, change, relative }: MeasureChange): string {
  if (change === null) return NO_VALUE;
  if (measure === 'errors' || measure === 'mtls') return `${signed(change * 100, Math.abs(change) < 0.1 ? 1 : 0)} pp`;
  if (relative === null) return change === 0 ? '0 %' : 'new';
  if (relative >= 1) return `×${(relative + 1).toFixed(relative >= 9 ? 0 : 1).replace(/\.0$/, '')}`;
  return `${signed(relative * 100, 0)} %`;
}

/** The measure whose change weighs most; null where none can be judged. */
export function heaviest(measures: readonly MeasureChange[]): MeasureChange | null {
  let most: MeasureChange | null = null;
  for (const one of measures) if (one.weight !== null && one.weight > (most?.weight ?? 0)) most = one;
  return most;
}

/** What stands on the graph beside the sign: "errors +4.2 pp", "P95 ×2.1", "+120 %"; '' for what came or went. */
export function wordMark(tone: ChangeTone, measures: readonly MeasureChange[]): string {
  if (tone === 'added' || tone === 'removed') return '';
  const judged = tone === 'changed' ? measures : measures.filter(({ measure }) => measure !== 'rate' && measure !== 'bytes');
  const most = heaviest(judged);
  if (most === null) return '';
  return most.measure === 'rate' || most.measure === 'bytes' ? wordSize(most) : `${MEASURE_WORDS[most.measure]} ${wordSize(most)}`;
}

/** "4.2× noise"; "within noise". */
export const wordWeight = (weight: number | null): string =>
  weight === null ? 'cannot be judged' : weight > 1 ? `${weight >= 10 ? Math.round(weight) : weight.toFixed(1)}× noise` : 'within noise';
