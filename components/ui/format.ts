// Numbers as people read them: rates, shares, latencies, bytes, ages, instants. Pure; the same text everywhere in the console.
// In: numbers with their unit in the name. Out: short texts. A missing number (null) is NO_VALUE, never zero.

/** Shown where a number does not exist; screen readers get "no value" from the components. */
export const NO_VALUE = '–';

const NBSP = '\u00a0';

// Bounds of Istio's request duration histogram below which a quantile can be told apart from "in the last bucket".
// A quantile in the last bucket is reported as that bucket's lower bound (model EdgeLatency), which is one of these, exactly.
const LAST_BUCKET_BOUNDS_MS: ReadonlySet<number> = new Set([10_000, 3_600_000]);

/** Three significant digits at most, no exponent, no trailing zeros: 0.034, 1.25, 12.5, 310. */
function significant(value: number): string {
  const abs = Math.abs(value);
  const digits = abs >= 100 ? 0 : abs >= 10 ? 1 : abs >= 0.1 ? 2 : 3;
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value: number, base: number, units: readonly string[]): { readonly text: string; readonly unit: string } {
  let rest = value;
  let i = 0;
  // 999.5 rounds to 1000, which belongs to the next unit.
  while (i < units.length - 1 && Math.abs(rest) >= base - 0.5) {
    rest /= base;
    i++;
  }
  return { text: significant(rest), unit: units[i] ?? '' };
}

/** A count: 999, 1.2k, 3.4M. */
export function formatCount(count: number): string {
  const { text, unit } = scaled(count, 1000, ['', 'k', 'M', 'G']);
  return `${text}${unit}`;
}

/** Requests per second: "0 rps", "< 0.01 rps", "12.5 rps", "1.2k rps". */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return NO_VALUE;
  if (perSecond > 0 && perSecond < 0.01) return `<${NBSP}0.01${NBSP}rps`;
  return `${formatCount(perSecond < 1 ? Math.round(perSecond * 100) / 100 : perSecond)}${NBSP}rps`;
}

/** A share of 0..1 in percent; what is not all is never rounded to 100 %, what is not nothing never to 0 %. */
export function formatShare(share: number | null): string {
  if (share === null || Number.isNaN(share)) return NO_VALUE;
  const percent = share * 100;
  if (percent <= 0) return `0${NBSP}%`;
  if (percent < 0.1) return `<${NBSP}0.1${NBSP}%`;
  if (percent >= 100) return `100${NBSP}%`;
  if (percent > 99.9) return `>${NBSP}99.9${NBSP}%`;
  return `${percent >= 99.5 || percent < 10 ? significant(Math.round(percent * 10) / 10) : significant(Math.round(percent))}${NBSP}%`;
}

/** Errors of a rate as a share, null where nothing was asked. */
export const errorShare = (requestsPerSecond: number, errorsPerSecond: number): number | null =>
  requestsPerSecond > 0 ? Math.min(1, errorsPerSecond / requestsPerSecond) : null;

/** Milliseconds: "0.4 ms", "120 ms", "1.5 s", "2 min"; "≥ 10 s" for a quantile that fell into the histogram's last bucket. */
export function formatLatency(latencyMs: number | null): string {
  if (latencyMs === null || !Number.isFinite(latencyMs)) return NO_VALUE;
  const capped = LAST_BUCKET_BOUNDS_MS.has(latencyMs) ? `≥${NBSP}` : '';
  if (latencyMs < 999.5) return `${significant(latencyMs)}${NBSP}ms`;
  if (latencyMs < 99_950) return `${capped}${significant(latencyMs / 1000)}${NBSP}s`;
  if (latencyMs < 5_940_000) return `${capped}${significant(latencyMs / 60_000)}${NBSP}min`;
  return `${significant(latencyMs / 3_600_000)}${NBSP}h`;
}

/** Bytes per second in binary units: "0 B/s", "820 B/s", "1.2 KiB/s". */
export function formatByteRate(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return NO_VALUE;
  if (bytesPerSecond > 0 && bytesPerSecond < 1) return `<${NBSP}1${NBSP}B/s`;
  const { text, unit } = scaled(bytesPerSecond, 1024, ['B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'TiB/s']);
  return `${text}${NBSP}${unit}`;
}

/** Bytes in binary units: "0 B", "820 B", "1.2 GiB". */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NO_VALUE;
  const { text, unit } = scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  return `${text}${NBSP}${unit}`;
}

/** A plain number: "0.034", "12.5", "1.2k"; below zero too. */
export function formatNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return NO_VALUE;
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return formatCount(value);
}

/** Length of time: "3 s", "2 min", "5 h", "4 d". */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 90) return `${seconds}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}${NBSP}min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours}${NBSP}h` : `${Math.round(hours / 24)}${NBSP}d`;
}

/** A window in words: "Last 1 minute", "Last 3 hours", "Last 30 days". */
export function formatWindow(windowSeconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    // 24 hours are said "1 day"; 90 minutes stay minutes.
    if (windowSeconds >= size && windowSeconds % size === 0) {
      const count = windowSeconds / size;
      return `Last ${count} ${unit}${count === 1 ? '' : 's'}`;
    }
  }
  return `Last ${windowSeconds} seconds`;
}

const TWO = (n: number): string => String(n).padStart(2, '0');

/** Time of day of an instant in the reader's time zone: "14:03:09". */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return `${TWO(at.getHours())}:${TWO(at.getMinutes())}:${TWO(at.getSeconds())}`;
}

/** Date and time of an instant in the reader's time zone: "2026-03-01 14:03:09". */
export function formatInstant(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${formatClock(atMs)}`;
}

/** "1 node", "3 nodes". */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Details of failures begin small and end open where a sentence of their own does not; names of objects at the start stay as they are. */
export function asSentence(text: string): string {
  const begun = /^(?:a|an|the|there|no|nothing|nobody|this|that|it)\b/.test(text)
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : text;
  return begun === '' || /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
}

/** "There is no namespace shop, or you may not see it." */
export const wordAbsent = (names: readonly string[]): string =>
  names.length === 1
    ? `There is no namespace ${names[0] ?? ''}, or you may not see it.`
    : `There are no namespaces ${names.join(', ')}, or you may not see them.`;
