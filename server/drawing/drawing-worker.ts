// A worker thread that draws one graph and ends: a large picture takes a second of a processor, which no request and no stream waits for.
// In: workerData (the document's JSON, a DrawRequest). Out: one Drawn message.
import { parentPort, workerData } from 'node:worker_threads';
import { problemOf } from '../../model/failure';
import { type DrawRequest, drawGraph } from './draw';
import type { Drawn } from './drawer';

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
const { json, request } = workerData as { readonly json: Uint8Array; readonly request: DrawRequest };
const draw = (): Drawn => {
  try {
    return { type: 'file', file: drawGraph(json, request) };
  } catch (error) {
    const { code, detail, next } = problemOf(error);
    return { type: 'failure', code, detail, next };
  }
};
port.postMessage(draw());
