// Unit and contract tests: beside the sources, Node by default; a component test asks for jsdom in its first line.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['*.test.ts', '{model,server,sim,components,app,bench}/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@patternfly/] } },
  },
});
