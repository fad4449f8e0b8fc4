// The page where somebody says who he is: shows it, takes the answer. In: requests below /interaction/. Out: the page, or the way back to the client.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Identity } from './identities';
import type { Knobs } from './knobs';
import { buildErrorPage, buildLoginPage, type Page } from './pages';

interface InteractionContext {
  readonly provider: Provider;
  readonly users: readonly Identity[];
  readonly knobs: Knobs;
}

/** Longest form that is read, bytes. */
const MAX_FORM = 4096;

export const isInteraction = (request: IncomingMessage): boolean => request.url?.startsWith('/interaction/') === true;

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM) return null;
  }
  return new URLSearchParams(text);
}

function sendPage(response: ServerResponse, status: number, page: Page): void {
  response.writeHead(status, page.headers).end(page.html);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Answers GET (the page, or the refusal that a knob wants) and POST (a choice of person, or cancel). */
export async function answerInteraction(
  request: IncomingMessage,
  response: ServerResponse,
  { provider, users, knobs }: InteractionContext,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => null);
  if (interaction === null) {
    sendPage(response, 400, buildErrorPage('session_not_found', 'this login page has expired, or cookies are not kept'));
    return;
  }
  const refuse = (error: string, description: string): Promise<void> =>
    provider.interactionFinished(request, response, { error, error_description: description }, { mergeWithLastSubmission: false });
  if (knobs.refusal !== null) {
    await refuse(knobs.refusal.error, knobs.refusal.description);
    return;
  }
  if (interaction.prompt.name === 'consent') {
    // `prompt=consent` goes with offline_access; the grant is there already.
    await provider.interactionFinished(request, response, { consent: {} });
    return;
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    const clientId = textOf(interaction.params['client_id']);
    const client = await provider.Client.find(clientId);
    sendPage(response, 200, buildLoginPage(client?.clientName ?? clientId, users, textOf(interaction.params['login_hint'])));
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    return;
  }
  const form = await readForm(request);
  if (form?.has('cancel') === true) {
    await refuse('access_denied', 'the login was cancelled');
    return;
  }
  const chosen = users.find((user) => user.username === form?.get('user'));
  if (chosen === undefined) {
    sendPage(response, 400, buildErrorPage('invalid_request', 'nobody of that name is known here'));
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: chosen.subject } }, { mergeWithLastSubmission: false });
}
