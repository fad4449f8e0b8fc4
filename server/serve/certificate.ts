// The certificate that the console serves HTTPS with, read again when its files change (cert-manager renews them in place).
// In: two paths, a clock. Out: PEM texts. A pair that does not fit together is refused and the old one stays.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../ports';

export interface CertificatePem {
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  /** @throws Error in words when the files cannot be read or do not fit together */
  read(): CertificatePem;
  /** Calls back with each new pair; returns a stop. */
  watch(onChange: (pem: CertificatePem) => void): () => void;
}

const LOOK_EVERY_MS = 15_000;

/** The certificate of two PEM files; `onProblem` is told of a renewed pair that cannot be used. */
export function openCertificate(options: {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clock: Clock;
  readonly onProblem: (text: string) => void;
}): Certificate {
  const { certFile, keyFile, clock, onProblem } = options;
  const read = (): CertificatePem => {
    try {
      const pem = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
      if (!new X509Certificate(pem.cert).checkPrivateKey(createPrivateKey(pem.key)))
        throw new Error('the key is not that of the certificate');
      return pem;
    } catch (error) {
      throw new Error(
        `${certFile} and ${keyFile} are not a certificate and its key (${error instanceof Error ? error.message : 'unreadable'}): check server.tlsCertFile and server.tlsKeyFile`,
        { cause: error },
      );
    }
  };
  // Secrets are mounted by links that are switched: stat follows them to the new files.
  const stampOf = (): string =>
    [certFile, keyFile]
      .map((path) => statSync(path, { throwIfNoEntry: false }))
      .map((found) => (found ? `${found.ino}:${found.mtimeMs}:${found.size}` : 'gone'))
      .join(' ');
  return {
    read,
    watch: (onChange) => {
      let seen = stampOf();
      let cancel = (): void => {};
      const look = (): void => {
        const now = stampOf();
        if (now !== seen) {
          seen = now;
          try {
            onChange(read());
          } catch (error) {
            onProblem(error instanceof Error ? error.message : String(error));
          }
        }
        cancel = clock.after(LOOK_EVERY_MS, look);
      };
      cancel = clock.after(LOOK_EVERY_MS, look);
      return () => cancel();
    },
  };
}
