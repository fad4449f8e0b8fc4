// Findings that somebody decided to live with, written on the object itself.
// In: annotations, an instant. Out: Suppression per code. `heddle.dev/suppress: "KIA1107=canary starts in May;until=2027-01-31"`,
// several on lines of their own or after commas; `galley.istio.io/analyze-suppress: "IST0107,IST0108"` as istioctl reads it; `*` means all.
import type { Finding } from '../../model/finding';
import type { ConfigObject } from '../../model/inventory';

export const SUPPRESS_ANNOTATION = 'heddle.dev/suppress';
const ISTIOCTL_ANNOTATION = 'galley.istio.io/analyze-suppress';
const NEXT_ENTRY = /(?:\r?\n|,)\s*(?=(?:[A-Z]{3}\d{4}|\*)\s*(?:=|;|,|$|\r?\n))/;
const CODE = /^(?:[A-Z]{3}\d{4}|\*)$/;

export interface Suppression {
  /** A code of any catalogue, or `*`. */
  readonly code: string;
  readonly reason: string;
  /** End of the last day on which it holds (UTC), ms; null = for ever. */
  readonly untilMs: number | null;
}

export interface ReadSuppressions {
  readonly entries: readonly Suppression[];
  /** Entries that cannot be read, as they are written. They suppress nothing. */
  readonly unreadable: readonly string[];
}

const NOTHING: ReadSuppressions = { entries: [], unreadable: [] };
const DAY_MS = 86_400_000;

/** What the annotations of an object suppress. */
export function readSuppressions(object: ConfigObject): ReadSuppressions {
  const own = object.annotations[SUPPRESS_ANNOTATION];
  const theirs = object.annotations[ISTIOCTL_ANNOTATION];
  if (own === undefined && theirs === undefined) return NOTHING;
  const entries: Suppression[] = [];
  const unreadable: string[] = [];
  for (const text of (own ?? '').split(NEXT_ENTRY)) {
    if (text.trim() === '') continue;
    const entry = readEntry(text.trim());
    if (entry === null) unreadable.push(text.trim());
    else entries.push(entry);
  }
  for (const code of (theirs ?? '').split(','))
    if (code.trim() !== '') entries.push({ code: code.trim(), reason: `annotation ${ISTIOCTL_ANNOTATION}`, untilMs: null });
  return { entries, unreadable };
}

function readEntry(text: string): Suppression | null {
  const [head = '', ...parts] = text.split(';');
  const equals = head.indexOf('=');
  const code = (equals < 0 ? head : head.slice(0, equals)).trim();
  const reasons = equals < 0 ? [] : [head.slice(equals + 1).trim()];
  let untilMs: number | null = null;
  for (const part of parts.map((each) => each.trim())) {
    if (!/^until\s*=/.test(part)) {
      if (part !== '') reasons.push(part);
      continue;
    }
    untilMs = endOfDay(part.slice(part.indexOf('=') + 1).trim());
    if (untilMs === null) return null;
  }
  return CODE.test(code) ? { code, reason: reasons.join('; ') || 'no reason given', untilMs } : null;
}

/** `2027-01-31` is the whole day; a time of day is taken as it stands. */
function endOfDay(text: string): number | null {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const parsed = day || /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(parsed) ? null : day ? parsed + DAY_MS - 1 : parsed;
}

/** The suppression that holds for a finding at an instant; null = none. Without an instant those with an end do not hold. */
export function suppressionOf(finding: Finding, entries: readonly Suppression[], nowMs: number | null): Suppression | null {
  return (
    entries.find(
      ({ code, untilMs }) =>
        (code === '*' || code === finding.code || finding.aliases.includes(code)) &&
        (untilMs === null || (nowMs !== null && nowMs <= untilMs)),
    ) ?? null
  );
}
