// A configuration kind in a route's path. In: names of the path. Out: ConfigKind.
import { Failure } from '../../../model/failure';
import { CONFIG_KINDS, type ConfigKind } from '../../../model/inventory';
import type { PathNames } from '../answer';

/** @throws Failure badRequest */
export function kindName(names: PathNames): ConfigKind {
  const found = CONFIG_KINDS.find((kind) => kind === names['kind']);
  if (found !== undefined) return found;
  throw new Failure(
    'badRequest',
    `${JSON.stringify((names['kind'] ?? '').slice(0, 80))} is no kind of configuration`,
    `There are ${CONFIG_KINDS.join(', ')}.`,
  );
}
