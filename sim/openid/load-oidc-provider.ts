// Imports the library oidc-provider without its complaint about Node 20, on which it works. In: nothing. Out: the library.

// It says so by console.warn while it is imported (lib/index.js); whatever else is said goes through.
const COMPLAINT = 'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS, or a later LTS release.';

/** The library. Rejects when the library is not installed (it is a development dependency). */
export async function importOidcProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  const filtered = (...words: readonly unknown[]): void => {
    const [first] = words;
    // On a terminal the text is wrapped in colours.
    if (words.length === 1 && typeof first === 'string' && first.includes(COMPLAINT)) return;
    warn(...words);
  };
  console.warn = filtered;
  try {
    return await import('oidc-provider');
  } finally {
    if (console.warn === filtered) console.warn = warn;
  }
}
