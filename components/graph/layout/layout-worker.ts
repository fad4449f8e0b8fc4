// The layout in a thread of its own. In: messages { id, input }. Out: messages { id, result }. Same code as on the main thread.
import type { LayoutInput } from './arrangement';
import { layoutGraph } from './layout-graph';

// Written against `self` by its parts, since the page's types (DOM) and a worker's types cannot be loaded together.
const port: {
  onmessage: ((event: MessageEvent<{ readonly id: number; readonly input: LayoutInput }>) => void) | null;
  postMessage: (message: unknown) => void;
} = globalThis;

port.onmessage = ({ data }) => {
  port.postMessage({ id: data.id, result: layoutGraph(data.input) });
};
