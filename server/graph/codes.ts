// Response codes as the graph shows and judges them, each with a small dense number so that sums can live in arrays.
// In: protocol, HTTP code and gRPC status of a ResponseRate. Out: Code. Long-lived; codes are few, but label values are foreign: bounded.
import type { RequestProtocol } from '../../model/health-rules';

export interface Code {
  readonly index: number;
  readonly protocol: RequestProtocol;
  /** HTTP status; for gRPC its status number unless the HTTP answer itself is an error; `-` = no response. */
  readonly code: string;
  /** HTTP 4xx, 5xx, no response; gRPC status other than 0. */
  readonly error: boolean;
}

const MAX_CODES = 2000;
const OTHER = 'other';

/** Rates in gRPC are told by the gRPC status, except where there is none or HTTP already failed (Kiali's rule). */
export function displayCode(protocol: RequestProtocol, httpCode: string, grpcStatus: string | null): string {
  if (protocol === 'grpc' && grpcStatus !== null && grpcStatus !== '' && !isHttpError(httpCode)) return grpcStatus;
  return httpCode === '0' || httpCode === '' ? '-' : httpCode;
}

const isHttpError = (code: string): boolean => code.length === 3 && (code.startsWith('4') || code.startsWith('5'));

/** True for codes that count as errors: a gRPC status has one or two digits, an HTTP status three. */
export function isErrorCode(protocol: RequestProtocol, code: string): boolean {
  if (code === '-' || isHttpError(code)) return true;
  return protocol === 'grpc' && code.length < 3 && code !== '0';
}

export class CodeBook {
  readonly codes: Code[] = [];
  readonly #byProtocol = { http: new Map<string, Map<string, Code>>(), grpc: new Map<string, Map<string, Code>>() };
  readonly #byText = new Map<string, Code>();

  /** The code of a response; the same object for the same protocol and shown code. */
  codeOf(protocol: RequestProtocol, httpCode: string, grpcStatus: string | null): Code {
    let statuses = this.#byProtocol[protocol].get(httpCode);
    if (statuses === undefined) {
      statuses = new Map();
      if (this.codes.length < MAX_CODES) this.#byProtocol[protocol].set(httpCode, statuses);
    }
    const status = grpcStatus ?? '';
    const known = statuses.get(status);
    if (known !== undefined) return known;
    const code = this.#intern(protocol, displayCode(protocol, httpCode, grpcStatus));
    if (this.codes.length < MAX_CODES) statuses.set(status, code);
    return code;
  }

  #intern(protocol: RequestProtocol, text: string): Code {
    const code = this.codes.length < MAX_CODES - 2 || this.#byText.has(`${protocol} ${text}`) ? text : OTHER;
    const known = this.#byText.get(`${protocol} ${code}`);
    if (known !== undefined) return known;
    const made: Code = { index: this.codes.length, protocol, code, error: isErrorCode(protocol, code) };
    this.codes.push(made);
    this.#byText.set(`${protocol} ${code}`, made);
    return made;
  }
}
