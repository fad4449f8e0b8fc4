// Protobuf request bodies of built-in kinds: kubectl's imperative commands (create deployment, auth can-i...) send nothing else.
// In: the envelope "k8s\0" + runtime.Unknown, and the schema of the kind. Out: the same object as JSON. Answers are never protobuf.
import { assignKey, isList, isRecord } from '../json';
import type { Schema } from '../schemas/schema';
import { badRequest } from '../status-error';
import { protobufFields } from './protobuf-fields';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Decodes an enveloped object under its schema. Throws 400 where it is not of its form or has a field outside protobuf-fields.ts. */
export function decodeProtobuf(body: Buffer, schema: Schema): unknown {
  if (body.subarray(0, 4).toString('latin1') !== 'k8s\0') throw malformed('the body does not start with the Kubernetes magic number');
  const envelope = readFields(body.subarray(4));
  const typeMeta = readFields(lastBytes(envelope, 1));
  const object = decodeMessage(lastBytes(envelope, 2), schema);
  return { apiVersion: lastBytes(typeMeta, 1).toString('utf8'), kind: lastBytes(typeMeta, 2).toString('utf8'), ...object };
}

const malformed = (why: string): Error => badRequest(`couldn't decode the protobuf body: ${why}; send application/json instead`);

type WireValue = Buffer | bigint;
type WireFields = ReadonlyMap<number, readonly WireValue[]>;

function readFields(message: Buffer): WireFields {
  const fields = new Map<number, WireValue[]>();
  let position = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[position];
      if (byte === undefined) throw malformed('it ends inside a number');
      position += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw malformed('a number is too long');
  };
  const readBytes = (length: number): Buffer => {
    if (position + length > message.length) throw malformed('it ends inside a field');
    position += length;
    return message.subarray(position - length, position);
  };
  while (position < message.length) {
    const tag = Number(readVarint());
    const wireType = tag & 7;
    const values = fields.get(tag >> 3) ?? [];
    if (wireType === 0) values.push(BigInt.asIntN(64, readVarint()));
    else if (wireType === 2) values.push(readBytes(Number(readVarint())));
    else if (wireType === 1 || wireType === 5) values.push(readBytes(wireType === 1 ? 8 : 4));
    else throw malformed(`wire type ${wireType} is not used`);
    fields.set(tag >> 3, values);
  }
  return fields;
}

function lastBytes(fields: WireFields, number: number): Buffer {
  const value = fields.get(number)?.at(-1);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function decodeMessage(message: Buffer, schema: Schema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (message.length === 0) return result;
  const type = schema.component?.split('.').at(-1) ?? '';
  const layout = protobufFields[type];
  if (layout === undefined) throw malformed(`the field numbers of ${type} are not known here`);
  for (const [number, values] of readFields(message)) {
    const field = layout.find((candidate) => candidate.number === number);
    const child = field === undefined ? undefined : schema.properties?.[field.name];
    if (field === undefined || child === undefined) throw malformed(`field ${number} of ${type} is not known here`);
    const value = decodeField(values, child, field.quantities);
    if (field.pointer || !isZero(value)) result[field.name] = value;
  }
  return result;
}

/** Go writes the zero value of every field that is not a pointer; its JSON leaves them out (omitempty). */
function isZero(value: unknown): boolean {
  if (isList(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}

function decodeField(values: readonly WireValue[], schema: Schema, quantities: boolean): unknown {
  const { items, additionalProperties } = schema;
  if (items !== undefined) return values.map((value) => decodeValue(value, items));
  if (additionalProperties === undefined) return decodeValue(values.at(-1) ?? 0n, schema);
  const result: Record<string, unknown> = {};
  for (const entry of values) {
    const pair = readFields(Buffer.isBuffer(entry) ? entry : Buffer.alloc(0));
    const value = lastBytes(pair, 2);
    const decoded = quantities ? lastBytes(readFields(value), 1).toString('utf8') : decodeValue(value, additionalProperties);
    assignKey(result, lastBytes(pair, 1).toString('utf8'), decoded);
  }
  return result;
}

function decodeValue(value: WireValue, schema: Schema): unknown {
  if (!Buffer.isBuffer(value)) return schema.type === 'boolean' ? value !== 0n : Number(value);
  if (schema.intOrString === true) return decodeIntOrString(value);
  if (schema.format === 'date-time') return decodeTime(value);
  if (schema.format === 'byte') return value.toString('base64');
  if (schema.type === 'object') return decodeMessage(value, schema);
  return value.toString('utf8');
}

/** util/intstr: 1 says which (1 = text), 2 the number, 3 the text. */
function decodeIntOrString(value: Buffer): number | string {
  const fields = readFields(value);
  if (fields.get(1)?.at(-1) === 1n) return lastBytes(fields, 3).toString('utf8');
  const number = fields.get(2)?.at(-1);
  return typeof number === 'bigint' ? Number(number) : 0;
}

/** meta/v1 Time: seconds and nanoseconds; an empty one is no time. */
function decodeTime(value: Buffer): string | undefined {
  const seconds = readFields(value).get(1)?.at(-1);
  return typeof seconds === 'bigint' ? new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z') : undefined;
}
