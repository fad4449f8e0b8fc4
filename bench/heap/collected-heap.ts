// The heap that is really in use. In: nothing. Out: bytes after a full collection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node does not give out its garbage collector');
  return () => {
    Reflect.apply(collect, undefined, []);
  };
}

/** A reader of the heap in use, array buffers included, each time after a full collection. */
export function createHeapReader(): () => Promise<number> {
  const collect = exposedCollector();
  return async () => {
    // Twice, with a turn of the loop between: finalizers and closed sockets let go of more.
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
}
