// Tests of the health question: yes, no, and nobody there.
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { askHealth } from './ask-health';
import { listen } from './listener';
import { encodeOpenAddress } from './open-address';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
const open = async (status: number): Promise<{ port: number; asked: string[] }> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (status > 0) response.writeHead(status).end();
  });
  servers.push(server);
  return { port: await listen(server, 0, '127.0.0.1'), asked };
};
const ask = (port: number, prefix = ''): Promise<boolean> => askHealth({ host: '0.0.0.0', port, prefix, https: false, deadlineMs: 200 });

describe('askHealth', () => {
  it('is true for an answer of 200, below the base path', async () => {
    const { port, asked } = await open(200);
    expect(await ask(port, '/console')).toBe(true);
    expect(asked).toEqual(['/console/api/health/live']);
  });
  it('is false for any other answer, for none, and where nobody listens', async () => {
    expect(await ask((await open(503)).port)).toBe(false);
    expect(await ask((await open(0)).port)).toBe(false);
    const { port } = await open(200);
    servers.pop()?.close();
    expect(await ask(port)).toBe(false);
  });
});

describe('encodeOpenAddress', () => {
  const where = { host: '127.0.0.1', port: 8080, basePath: '/', https: false, publicUrls: [] };
  it('is what a browser can open', () => {
    expect(encodeOpenAddress(where)).toBe('http://localhost:8080');
    expect(encodeOpenAddress({ ...where, host: '0.0.0.0', basePath: '/console', https: true })).toBe('https://localhost:8080/console');
    expect(encodeOpenAddress({ ...where, host: '10.0.0.1' })).toBe('http://10.0.0.1:8080');
    expect(encodeOpenAddress({ ...where, host: 'fd00::1' })).toBe('http://[fd00::1]:8080');
    expect(encodeOpenAddress({ ...where, publicUrls: ['https://mesh.example.com/console'] })).toBe('https://mesh.example.com/console');
  });
});
