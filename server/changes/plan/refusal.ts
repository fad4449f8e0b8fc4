// Why an edit is not planned, on its way from the place that found it to the list of problems. In: path, words. Out: Refusal.
import type { EditProblem } from '../../../model/edit';

/** A class, so that it is told from the JSON that an edit makes otherwise. */
export class Refusal {
  readonly path: string;
  readonly message: string;
  readonly next: string;
  readonly position: Pick<EditProblem, 'line' | 'column'>;
  constructor(path: string, message: string, next: string, position: Pick<EditProblem, 'line' | 'column'> = {}) {
    this.path = path;
    this.message = message;
    this.next = next;
    this.position = position;
  }
}

export const isRefusal = (value: unknown): value is Refusal => value instanceof Refusal;
