// A value that must not be seen: it prints, serialises and inspects as "[redacted]". Redaction is by type, not by the name of a field.
// In: text. Out: Secret.

const REDACTED = '[redacted]';

/** Holds a token, password or key. Only `reveal` gives it away. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The text itself: only for the header or handshake that needs it. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return REDACTED;
  }
  toJSON(): string {
    return REDACTED;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
