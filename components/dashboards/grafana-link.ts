// Where a dashboard is in Grafana, with the same variables and range. In: its address, the choice. Out: an address. Pure.
import type { VariableChoice } from '../../model/dashboard';
import type { PanelRange } from '../../model/dashboard-query';

export function buildGrafanaHref(base: string, chosen: VariableChoice, { rangeSeconds, atSeconds }: PanelRange): string {
  const url = new URL(base);
  for (const [name, values] of Object.entries(chosen))
    for (const value of values.length === 0 ? ['$__all'] : values) url.searchParams.append(`var-${name}`, value);
  url.searchParams.set('from', atSeconds === null ? `now-${rangeSeconds}s` : String((atSeconds - rangeSeconds) * 1000));
  url.searchParams.set('to', atSeconds === null ? 'now' : String(atSeconds * 1000));
  return url.toString();
}
