// Outline checks of the documents of dashboards: a proxy's page or an older server is caught, not every field.
// In: parsed JSON. Out: whether it is that document. Pure.
import type { DashboardDocument, DashboardListDocument, PanelDocument } from '../../model/dashboard';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

export const isDashboardList = (body: unknown): body is DashboardListDocument =>
  isRecord(body) &&
  Array.isArray(body['dashboards']) &&
  (body['unread'] === null || isText(body['unread'])) &&
  body['dashboards'].every((one) => isRecord(one) && isText(one['id']) && isText(one['title']) && isText(one['about']));

export const isDashboard = (body: unknown): body is DashboardDocument => {
  if (!isRecord(body) || !isRecord(body['dashboard']) || !Array.isArray(body['variables'])) return false;
  const { title, rows, variables } = body['dashboard'];
  return (
    isText(title) &&
    Array.isArray(variables) &&
    Array.isArray(rows) &&
    rows.every(
      (row) => isRecord(row) && Array.isArray(row['panels']) && row['panels'].every((panel) => isRecord(panel) && isText(panel['kind'])),
    )
  );
};

export const isPanel = (body: unknown): body is PanelDocument =>
  isRecord(body) &&
  Array.isArray(body['series']) &&
  body['series'].every((one) => isRecord(one) && isText(one['name']) && Array.isArray(one['points'])) &&
  Array.isArray(body['queries']) &&
  Array.isArray(body['missing']);
