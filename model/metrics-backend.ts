// The metrics backends that the console knows by name. In: nothing. Out: BACKENDS.

/** What answers as Prometheus does; `mimir` is Cortex, too, `amp` and `gmp` are those of Amazon and Google. */
export const BACKENDS = ['prometheus', 'thanos', 'mimir', 'victoriametrics', 'amp', 'gmp'] as const;
export type Backend = (typeof BACKENDS)[number];
