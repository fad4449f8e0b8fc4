// The address that routes are told is that of the connection, whatever is sent, on every kind of server.
import { createServer, type IncomingMessage, type RequestListener, type Server, request as sendHttp } from 'node:http';
import { createServer as createSecureServer, request as sendHttps } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../sim/kubernetes/certificate';
import { markPeers, PEER_HEADER, plainAddress } from './peer';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const echo: RequestListener = (request, response) => {
  const raw = request.rawHeaders.filter((_, i) => i % 2 === 1 && request.rawHeaders[i - 1]?.toLowerCase() === PEER_HEADER);
  response.end(JSON.stringify({ peer: request.headers[PEER_HEADER], distinct: request.headersDistinct[PEER_HEADER], raw }));
};
const readAll = (send: (onAnswer: (answer: IncomingMessage) => void) => void): Promise<unknown> =>
  new Promise((resolve, reject) => {
    send((answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(JSON.parse(text)));
      answer.on('error', reject);
    });
  });
const FORGED = [{}, { [PEER_HEADER]: '10.0.0.1' }, { 'X-Heddle-Peer': ['10.0.0.1', '10.0.0.2'] }] as const;

describe('the peer header', () => {
  it('is the address of the socket, whatever is sent', async () => {
    closers.push(markPeers());
    const port = await listen(createServer(echo));
    for (const headers of FORGED) {
      const options = { host: '127.0.0.1', port, headers: { ...headers }, agent: false };
      const told = await readAll((onAnswer) => sendHttp(options, onAnswer).end());
      expect(told).toMatchObject({ peer: '127.0.0.1', distinct: ['127.0.0.1'] });
      expect(JSON.stringify(told)).not.toContain('10.0.0.');
    }
  });

  it('is so by HTTPS', async () => {
    closers.push(markPeers());
    const { cert, key } = makeServerCertificate(Date.now());
    const port = await listen(createSecureServer({ cert, key }, echo));
    const options = { host: '127.0.0.1', port, ca: cert, headers: { [PEER_HEADER]: '10.0.0.1' }, agent: false };
    expect(await readAll((onAnswer) => sendHttps(options, onAnswer).end())).toMatchObject({ peer: '127.0.0.1', raw: ['127.0.0.1'] });
  });

  it('is written until that is called off', async () => {
    const off = markPeers();
    const port = await listen(createServer(echo));
    off();
    const options = { host: '127.0.0.1', port, agent: false };
    expect(await readAll((onAnswer) => sendHttp(options, onAnswer).end())).toEqual({ raw: [] });
  });

  it('names an IPv4 peer of a socket for both as IPv4', () => {
    expect(['::ffff:10.1.2.3', '::1', '10.1.2.3', 'fe80::1'].map(plainAddress)).toEqual(['10.1.2.3', '::1', '10.1.2.3', 'fe80::1']);
  });
});
