// The answer for a change that was asked for: the document, or why not with what belongs to it (problems of edits, both sides of a conflict).
// In: what the desk says. Out: Response.
import { Failure, problemOf } from '../../../model/failure';
import type { ChangeRefusal } from '../../../server/runtime';
import { json } from '../answer';

const PROBLEM = { 'content-type': 'application/problem+json' };

/** Documents have no `kind` of their own at the top. */
export function answerChange(result: object | ChangeRefusal): Response {
  if (!isRefusal(result)) return json(result);
  switch (result.kind) {
    case 'problems': {
      const [first] = result.problems;
      const failure = new Failure('badRequest', first?.message ?? 'the edits cannot be planned', first?.next ?? 'Correct the edit.');
      return json({ ...problemOf(failure), problems: result.problems }, 400, PROBLEM);
    }
    case 'conflict': {
      const failure = new Failure('conflict', result.detail, 'Look at what it is now, and plan the change again.');
      return json({ ...problemOf(failure), ...result.conflict }, 409, PROBLEM);
    }
    default:
      return result satisfies never;
  }
}

const isRefusal = (result: object): result is ChangeRefusal =>
  'kind' in result && (result.kind === 'problems' || result.kind === 'conflict');
