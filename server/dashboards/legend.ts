// Names of series. In: a legend with {{label}}, the labels. Out: a name. Pure; as Grafana fills its legends.

const wordLabels = (labels: Readonly<Record<string, string>>): string => {
  const rest = Object.entries(labels).filter(([name]) => name !== '__name__');
  const metric = labels['__name__'] ?? '';
  if (rest.length === 0) return metric === '' ? 'Value' : metric;
  return `${metric}{${rest.map(([name, value]) => `${name}="${value}"`).join(', ')}}`;
};

/** A label that the series does not have is left out. */
export const fillLegend = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend === '' || legend === '__auto'
    ? wordLabels(labels)
    : legend.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
