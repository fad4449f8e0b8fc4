// Where the console is mounted. Next prefixes links and chunks by itself, but not fetch, EventSource or files of public/.
// In: the base path that next.config.js puts into the bundle. Out: absolute paths on this origin.

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the type of the environment can be widened nowhere else
  namespace NodeJS {
    interface ProcessEnv {
      /** A bundle constant, not the environment of a browser: Next replaces exactly `process.env.NEXT_PUBLIC_BASE_PATH`. */
      readonly NEXT_PUBLIC_BASE_PATH?: string;
    }
  }
}

/** `/api/x` -> `/console/api/x` where the console is mounted under /console. */
// eslint-disable-next-line no-restricted-syntax -- a constant that the build puts in, nothing is read at run time
export const withBase = (path: string): string => `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}${path}`;
