// Which columns of a table are shown: what the address says, else what this browser keeps, else the standard. In: those. Out: keys, a setter.
import { useCallback, useMemo } from 'react';
import { useAddress } from './use-address';
import { useStored } from './use-stored';

/** Names columns in the address and under `heddle.columns.<table>`; `decode` answers null for a text that names none. Both must be stable. */
export function useColumns<K extends string>(
  table: string,
  standard: readonly K[],
  decode: (text: string) => readonly K[] | null,
): readonly [readonly K[], (keys: readonly K[] | null) => void] {
  const [address, writeAddress] = useAddress('columns');
  const [kept, keep] = useStored<readonly K[] | null>(`heddle.columns.${table}`, null, decode, (keys) =>
    keys === null ? '' : keys.join(','),
  );
  const shown = useMemo(() => (address === '' ? null : decode(address)) ?? kept ?? standard, [address, decode, kept, standard]);
  const choose = useCallback(
    (keys: readonly K[] | null) => {
      const next = keys === null || keys.join() === standard.join() ? null : keys;
      keep(next);
      // An address without the word means the standard to others, who keep columns of their own: it names whatever differs.
      writeAddress(next === null ? '' : next.join(','));
    },
    [keep, writeAddress, standard],
  );
  return [shown, choose];
}
