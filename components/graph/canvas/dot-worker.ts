// Moving dots on a thread of their own: they stay even while the page is busy. In: first { canvas }, then DotOrders. Out: { level }.
import { DotLoop, type DotOrders } from './dot-loop';

// Written against `globalThis` by its parts, since the page's types (DOM) and a worker's types cannot be loaded together.
const port: {
  onmessage: ((event: MessageEvent<DotOrders & { readonly canvas?: OffscreenCanvas }>) => void) | null;
  postMessage: (message: unknown) => void;
} = globalThis;

let loop: DotLoop | null = null;
port.onmessage = ({ data }) => {
  if (data.canvas)
    loop = new DotLoop({
      canvas: data.canvas,
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (frame) => cancelAnimationFrame(frame),
      onLevel: (level) => port.postMessage({ level }),
    });
  loop?.take(data);
};
