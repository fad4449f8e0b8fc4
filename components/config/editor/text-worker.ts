// Reads texts in a thread of its own. In: messages { schema } and { id, text, paths }. Out: messages { id, report }.
import { type ObjectSchema, prepareSchema } from './object-schema';
import { TextReader } from './text-report';

export interface SchemaMessage {
  readonly schema: unknown;
}
export interface TextMessage {
  readonly id: number;
  readonly text: string;
  readonly paths: readonly string[];
}

// Written against `self` by its parts, since the page's types (DOM) and a worker's types cannot be loaded together.
const port: {
  onmessage: ((event: MessageEvent<SchemaMessage | TextMessage>) => void) | null;
  postMessage: (message: unknown) => void;
} = globalThis;

let schema: ObjectSchema | null = null;
let reader = new TextReader(schema);

port.onmessage = ({ data }) => {
  if ('schema' in data) {
    schema = data.schema === null ? null : prepareSchema(data.schema);
    reader = new TextReader(schema);
  } else port.postMessage({ id: data.id, report: reader.read(data.text, data.paths) });
};
