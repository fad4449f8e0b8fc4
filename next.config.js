// How Next builds and serves the console: one self-contained server (`output: 'standalone'`) without what it does not use.
// In: HEDDLE_BUILD_BASE_PATH, for a production build a placeholder that is replaced at start (server/serve). Out: the config.
const basePath = process.env.HEDDLE_BUILD_BASE_PATH ?? '';
// sharp serves next/image only, which is off; it would add 21 MB.
const unused = ['**/sharp/**', '**/@img/**'];

/** @type {import('next').NextConfig} */
module.exports = {
  output: 'standalone',
  poweredByHeader: false,
  images: { unoptimized: true },
  // Types are checked by `tsc` in the check, not a second time by the build.
  typescript: { ignoreBuildErrors: true },
  outputFileTracingExcludes: { 'next-server': unused, '/*': unused },
  // fetch and EventSource do not know Next's base path: components/ui/base-path adds it.
  env: { NEXT_PUBLIC_BASE_PATH: basePath },
  ...(basePath === '' ? {} : { basePath }),
  // Pages have theirs from proxy.ts, the API from its routes; these are the files.
  headers: () =>
    Promise.resolve([
      { source: '/:path(_next/static/.*|.*\\.svg|.*\\.png)', headers: [{ key: 'x-content-type-options', value: 'nosniff' }] },
    ]),
};
