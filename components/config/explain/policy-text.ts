// A traffic policy as a few lines of YAML to read. In: JSON. Out: text. Pure; only for showing, it is never sent.
import type { Json, JsonObject } from '../../../model/inventory';

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const scalar = (value: Json): string => (typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value));

function encode(value: Json, indent: string): readonly string[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((one) => {
      const lines = encode(one, `${indent}  `);
      return lines.map((line, i) => (i === 0 ? `${indent}- ${line.trimStart()}` : line));
    });
  }
  if (!isObject(value)) return [`${indent}${scalar(value)}`];
  return Object.entries(value).flatMap(([key, child]) => {
    if (child === undefined) return [];
    const nested = (Array.isArray(child) && child.length > 0) || (isObject(child) && Object.keys(child).length > 0);
    return nested ? [`${indent}${key}:`, ...encode(child, `${indent}  `)] : [`${indent}${key}: ${scalar(child)}`];
  });
}

export const encodePolicy = (policy: JsonObject): string => encode(policy, '').join('\n');
