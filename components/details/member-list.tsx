// Apps, workloads and services that belong to it, or that it belongs to. In: members. Out: lists by relation, each name a link.
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DetailMember } from '../../model/detail';
import { buildEntityPath, type EntityKind, type EntityRef } from '../../model/entity';
import { HealthIcon } from '../ui/health-status';
import styles from './detail-page.module.css';

/** What the members of a kind are to an entity. */
function wordGroup(of: EntityKind, kind: EntityKind): string {
  if (of === 'service') return kind === 'workload' ? 'Sends to the workloads' : 'Of the applications';
  if (of === 'workload') return kind === 'service' ? 'Called by the services' : 'Of the application';
  if (of === 'app') return kind === 'workload' ? 'Workloads' : 'Called by the services';
  return { app: 'Applications', workload: 'Workloads', service: 'Services', namespace: 'Namespaces' }[kind];
}

const SHOWN_KINDS = ['app', 'workload', 'service'] as const;

interface Props {
  readonly members: readonly DetailMember[];
  readonly more: number;
  readonly of: EntityRef;
}

export function MemberList({ members, more, of }: Props): ReactNode {
  return (
    <div className={styles['columns']}>
      {SHOWN_KINDS.map((kind) => {
        const own = members.filter(({ entity }) => entity.kind === kind);
        if (own.length === 0) return null;
        return (
          <div key={kind}>
            <h3 className={styles['group']}>{wordGroup(of.kind, kind)}</h3>
            <ul className={styles['members']}>
              {own.map(({ entity, health, pods }) => (
                <li key={entity.name}>
                  {health === null ? null : <HealthIcon status={health} />}
                  <Link href={buildEntityPath(entity)} prefetch={false}>
                    {entity.name}
                  </Link>
                  {pods === null ? null : (
                    <span className={styles['subtle']}>
                      {pods.ready} of {pods.desired} ready
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      {more > 0 ? <p className={styles['subtle']}>and {more} more.</p> : null}
    </div>
  );
}
