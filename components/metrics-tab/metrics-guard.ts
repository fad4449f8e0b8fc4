// Outline check of an entity's metrics: a proxy's page or an older server is caught, not every field. In: parsed JSON. Out: whether it is one. Pure.
import type { MetricsDocument } from '../../model/entity-metrics';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isMetricsDocument = (body: unknown): body is MetricsDocument =>
  isRecord(body) &&
  Array.isArray(body['notes']) &&
  Array.isArray(body['charts']) &&
  body['charts'].every(
    (chart) =>
      isRecord(chart) &&
      typeof chart['title'] === 'string' &&
      Array.isArray(chart['series']) &&
      Array.isArray(chart['queries']) &&
      Array.isArray(chart['missing']),
  );
