// What the screen asks of the server to plan, apply, confirm and set back changes. In: edits, a session. Out: documents or a ProblemError.
import type { ApplyRequest, ChangeRecord, Preview } from '../../model/change';
import type { Edit, EditProblem } from '../../model/edit';
import { withBase } from '../ui/base-path';
import { decodeProblem, exchangeJson, ProblemError } from '../ui/fetch-json';
import { announceRefusal } from '../ui/session-signal';
import { decodeEditProblems, isChangeRecord, isPreview } from './steering-guards';

/** Who sends. */
export interface Sender {
  /** MeDocument.csrfToken; null without a session. */
  readonly csrfToken: string | null;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export type PreviewAnswer =
  | { readonly kind: 'preview'; readonly preview: Preview }
  /** What the user wrote cannot be planned. */
  | { readonly kind: 'problems'; readonly problems: readonly EditProblem[] };

/** A plan asks the API server to rehearse every step. */
const PREVIEW_MS = 30_000;
/** Applying waits for subsets that become ready. */
const APPLY_MS = 180_000;

const mismatch = (path: string, status: number): ProblemError =>
  new ProblemError({
    title: 'The answer is not what this page expects',
    detail: `${path} has another shape, which happens when the console was updated while the page was open.`,
    next: 'Reload the page; a draft is kept.',
    status,
    code: null,
  });

async function post(
  path: string,
  body: unknown,
  sender: Sender,
  options: { readonly signal: AbortSignal; readonly deadlineMs: number },
): Promise<{ readonly status: number; readonly ok: boolean; readonly body: unknown }> {
  const { csrfToken, fetch: ask } = sender;
  const answer = await exchangeJson(
    withBase(path),
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(csrfToken === null ? {} : { 'x-heddle-csrf': csrfToken }) },
      body: JSON.stringify(body),
    },
    { ...options, ...(ask === undefined ? {} : { fetch: ask }) },
  );
  // The draft outlives the session: the page says that it ended and stays.
  if (answer.response.status === 401) announceRefusal();
  return { status: answer.response.status, ok: answer.response.ok, body: answer.body };
}

async function postForPreview(path: string, sent: unknown, sender: Sender, signal: AbortSignal): Promise<PreviewAnswer> {
  const { status, ok, body } = await post(path, sent, sender, { signal, deadlineMs: PREVIEW_MS });
  if (ok && isPreview(body)) return { kind: 'preview', preview: body };
  if (ok) throw mismatch(path, status);
  const problems = decodeEditProblems(body);
  if (problems !== null) return { kind: 'problems', problems };
  throw new ProblemError(decodeProblem(status, path, body));
}

/** What the edits would do. @throws ProblemError */
export const previewEdits = (edits: readonly Edit[], sender: Sender, signal: AbortSignal): Promise<PreviewAnswer> =>
  postForPreview('/api/changes/preview', { edits }, sender, signal);

async function postForRecord(path: string, body: unknown, sender: Sender, signal: AbortSignal): Promise<ChangeRecord> {
  const { status, ok, body: answer } = await post(path, body, sender, { signal, deadlineMs: APPLY_MS });
  if (!ok) throw new ProblemError(decodeProblem(status, path, answer));
  if (!isChangeRecord(answer)) throw mismatch(path, status);
  return answer;
}

/** @throws ProblemError, `conflict` where the plan is not what was shown. */
export const applyChange = (request: ApplyRequest, sender: Sender, signal: AbortSignal): Promise<ChangeRecord> =>
  postForRecord('/api/changes', request, sender, signal);

const changePath = (id: string, verb: string): string => `/api/changes/${encodeURIComponent(id)}/${verb}`;

/** Keeps a waiting change for good. @throws ProblemError */
export const confirmChange = (id: string, sender: Sender, signal: AbortSignal): Promise<ChangeRecord> =>
  postForRecord(changePath(id, 'confirm'), {}, sender, signal);

/** Sets a waiting or incomplete change back now. @throws ProblemError */
export const revertChange = (id: string, reason: string, sender: Sender, signal: AbortSignal): Promise<ChangeRecord> =>
  postForRecord(changePath(id, 'revert'), { reason }, sender, signal);

/** What the way back from an ended change would do, on the objects as they are now. @throws ProblemError */
export const previewUndo = (id: string, sender: Sender, signal: AbortSignal): Promise<PreviewAnswer> =>
  postForPreview(changePath(id, 'undo/preview'), {}, sender, signal);

/** Applies the way back from a change, which was reviewed like any other. @throws ProblemError as applyChange */
export const undoChange = (id: string, request: Omit<ApplyRequest, 'edits'>, sender: Sender, signal: AbortSignal): Promise<ChangeRecord> =>
  postForRecord(changePath(id, 'undo'), request, sender, signal);
