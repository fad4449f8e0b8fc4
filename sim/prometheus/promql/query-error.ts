// The one error of the query path. `kind` is Prometheus' errorType; the HTTP server maps it to a status.

export type QueryErrorKind = 'bad_data' | 'execution' | 'timeout';

export class QueryError extends Error {
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string) {
    super(message);
    this.name = 'QueryError';
    this.kind = kind;
  }
}

/** A syntax or type error, placed as Prometheus places it: line:column of the offending text. */
export function parseError(query: string, position: number, message: string): QueryError {
  const before = query.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return new QueryError('bad_data', `${line}:${column}: parse error: ${message}`);
}

/** The error of a result in which two series would have the same labels. */
export function sameLabelsetError(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}
