// Questions and saved cases at our own server. In: questions, cases, the session's CSRF token. Out: documents. @throws ProblemError
import type { Edit } from '../../../model/edit';
import type { ExplainDocument, ExplainQuestion, SavedCase } from '../../../model/steering';
import { withBase } from '../../ui/base-path';
import { ProblemError } from '../../ui/fetch-json';
import { sendJson } from '../../ui/send-json';
import { isExplainDocument } from '../config-guards';

export interface Sending {
  readonly csrfToken: string | null;
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
}

const DEADLINE_MS = 20_000;

export async function askExplain(question: ExplainQuestion, edits: readonly Edit[], sending: Sending): Promise<ExplainDocument> {
  const path = withBase('/api/explain');
  const body = await sendJson(path, { ...sending, body: { question, edits }, deadlineMs: DEADLINE_MS });
  if (isExplainDocument(body)) return body;
  throw new ProblemError({
    title: 'The answer is not what this page expects',
    detail: `${path} has another shape, which happens when the console was updated while the page was open.`,
    next: 'Reload the page.',
    status: null,
    code: null,
  });
}

const casePath = (id: string): string => withBase(`/api/cases/${encodeURIComponent(id)}`);

export const saveCase = async ({ id, name, question, expected }: SavedCase, sending: Sending): Promise<void> => {
  await sendJson(casePath(id), { ...sending, method: 'PUT', body: { name, question, expected }, deadlineMs: DEADLINE_MS });
};

export const removeCase = async (id: string, sending: Sending): Promise<void> => {
  await sendJson(casePath(id), { ...sending, method: 'DELETE', deadlineMs: DEADLINE_MS });
};

/** Names a new case; works without HTTPS too, where browsers have no randomUUID. */
export const newCaseId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
