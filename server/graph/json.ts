// Reading the foreign parts of Istio and Gateway API specs without trusting their shape. In: Json. Out: typed pieces, absence as empty or null.
import type { Json, JsonObject } from '../../model/inventory';

const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !isList(json);

/** The objects of a list; anything else in it is left out. */
export const readObjects = (json: Json | undefined): readonly JsonObject[] => (isList(json) ? json.filter(isObject) : []);

/** The strings of a list. */
export const readTexts = (json: Json | undefined): readonly string[] =>
  isList(json) ? json.filter((item): item is string => typeof item === 'string') : [];

export const readObject = (json: Json | undefined): JsonObject | null => (isObject(json) ? json : null);
export const readText = (json: Json | undefined): string | null => (typeof json === 'string' ? json : null);
export const readNumber = (json: Json | undefined): number | null => (typeof json === 'number' ? json : null);
