// Field types that the Gateway API's kinds share.
import { int32, listByKeys, object, oneOfTexts, type Schema, text } from './schema';

export const DNS_LABELS = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
export const group = (preset?: string): Schema =>
  text({ maxLength: 253, pattern: `^$|^${DNS_LABELS}$`, ...(preset === undefined ? {} : { default: preset }) });
export const kind = (preset?: string): Schema =>
  text({
    minLength: 1,
    maxLength: 63,
    pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
    ...(preset === undefined ? {} : { default: preset }),
  });
export const objectName: Schema = text({ minLength: 1, maxLength: 253 });
export const namespace: Schema = text({ minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' });
export const sectionName: Schema = text({ minLength: 1, maxLength: 253, pattern: `^${DNS_LABELS}$` });
export const hostname: Schema = text({ minLength: 1, maxLength: 253, pattern: `^(\\*\\.)?${DNS_LABELS}$` });
export const preciseHostname: Schema = text({ minLength: 1, maxLength: 253, pattern: `^${DNS_LABELS}$` });
export const port: Schema = { ...int32, minimum: 1, maximum: 65_535 };
export const gatewayDuration: Schema = text({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' });

const condition: Schema = object(
  {
    type: text({ maxLength: 316 }),
    status: oneOfTexts('True', 'False', 'Unknown'),
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    lastTransitionTime: text({ format: 'date-time' }),
    reason: text({ minLength: 1, maxLength: 1024 }),
    message: text({ maxLength: 32_768 }),
  },
  { required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'] },
);
export const conditions: Schema = listByKeys(['type'], condition, { maxItems: 8 });
