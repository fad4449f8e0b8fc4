// What has a page, in a route's path. In: names of the path. Out: EntityRef.
import { ENTITY_PATHS, type EntityRef, readEntityPath } from '../../model/entity';
import { Failure } from '../../model/failure';
import { type PathNames, pathName } from './answer';

/** @throws Failure badRequest */
export function entityName(names: PathNames): EntityRef {
  const word = names['kind'] ?? '';
  const kind = readEntityPath(word);
  const namespace = pathName(names, 'namespace');
  // Only a namespace is named by one name.
  if (kind !== null && (kind === 'namespace') === (names['name'] === undefined))
    return { kind, namespace, name: kind === 'namespace' ? namespace : pathName(names, 'name') };
  throw new Failure(
    'badRequest',
    `${JSON.stringify(word.slice(0, 80))} with ${names['name'] === undefined ? 'one name' : 'two names'} is nothing that has a page`,
    `There are ${Object.values(ENTITY_PATHS).join(', ')}; all but a namespace have a namespace and a name.`,
  );
}
