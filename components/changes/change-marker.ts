// A change of the journal as a marker on charts. In: ChangeRecord. Out: ChartMarker. Pure.
import type { ChangeRecord } from '../../model/change';
import type { ChartMarker } from '../charts/markers';
import { wordChange, wordObjects } from './change-words';

export const markerOf = (change: ChangeRecord): ChartMarker => ({
  id: change.id,
  atMs: change.createdAtMs,
  what: `${wordObjects(change.steps)}: ${wordChange(change)}`,
  who: change.by.name,
  hosts: change.hosts,
  href: `/changes?entry=${encodeURIComponent(change.id)}`,
});
