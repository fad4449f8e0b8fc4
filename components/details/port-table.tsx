'use client';
// Ports with what is spoken on them and what mutual TLS is demanded and sent, each with what decides it. In: ports. Out: a table, sentences.
import type { ReactNode } from 'react';
import type { DetailMtls, DetailPort } from '../../model/detail';
import type { ConfigRef } from '../../model/edit';
import { buildEntityPath, type EntityRef } from '../../model/entity';
import { ObjectLink } from '../changes/object-link';
import { SimpleTable } from '../ui/simple-table';
import styles from './detail-page.module.css';

const PROTOCOL_WORDS: Readonly<Record<DetailPort['protocol'], string>> = {
  http: 'HTTP',
  tls: 'TLS, opaque',
  tcp: 'TCP',
  udp: 'UDP',
  auto: 'Found out',
};
const CLIENT_WORDS = { istioMutual: 'mutual TLS', plaintext: 'plaintext', tls: 'TLS of their own' } as const;

const By = ({ by, back }: { readonly by: ConfigRef | null; readonly back: string | null }): ReactNode =>
  by === null ? null : (
    <>
      {' '}
      by <ObjectLink to={by} back={back ?? ''} />
    </>
  );

export function MtlsWords({ mtls, back }: { readonly mtls: DetailMtls; readonly back: string | null }): ReactNode {
  return (
    <div>
      <p>
        {mtls.demands === null ? 'No proxy asks for it' : <strong>{mtls.demands}</strong>}
        <By by={mtls.demandedBy} back={back} />
        {mtls.clients === null ? null : (
          <>
            ; sidecars send {CLIENT_WORDS[mtls.clients]}
            <By by={mtls.clientsBy} back={back} />
          </>
        )}
      </p>
      <p className={styles['subtle']}>{mtls.why}</p>
    </div>
  );
}

export function PortTable({ ports, entity }: { readonly ports: readonly DetailPort[]; readonly entity: EntityRef }): ReactNode {
  const back = entity.kind === 'service' ? buildEntityPath(entity) : null;
  const isService = entity.kind === 'service';
  return (
    <div className={styles['ports']}>
      <SimpleTable name="Ports" heads={[isService ? 'Port' : 'Container port', isService ? 'Target' : 'As', 'Protocol', 'Mutual TLS']}>
        {ports.map((port) => (
          <tr key={`${port.port} ${port.name}`}>
            <th scope="row">
              {port.port}
              {isService && port.name !== '' ? ` ${port.name}` : ''}
            </th>
            <td>{isService ? port.targetPort : port.name}</td>
            <td>
              <p>
                {PROTOCOL_WORDS[port.protocol]}
                {port.transport === 'TCP' ? '' : ` (${port.transport})`}
              </p>
              <p className={styles['subtle']}>{port.decidedBy}</p>
            </td>
            <td>
              <MtlsWords mtls={port.mtls} back={back} />
            </td>
          </tr>
        ))}
      </SimpleTable>
    </div>
  );
}
