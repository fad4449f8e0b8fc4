'use client';
// Gateways that bring traffic to a service, and a form that makes it reachable through one. In: the document. Out: a list that gives edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import { type Intent, refText } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { routingHref } from '../ui/config-address';
import form from './form.module.css';
import { PartForm, SelectField, splitWords, TextField } from './form-parts';
import { ObjectLink } from './object-link';
import styles from './routing.module.css';

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly disabled: boolean;
  readonly onPut: (intent: Intent) => void;
}

function ExposeForm({ document, onPut, onClose }: Pick<Props, 'document' | 'onPut'> & { readonly onClose: () => void }): ReactNode {
  const { gateways, ports } = document;
  const [gateway, setGateway] = useState(gateways[0] === undefined ? '' : refText(gateways[0].ref));
  const chosen = gateways.find(({ ref }) => refText(ref) === gateway);
  const [port, setPort] = useState(String(ports[0]?.port ?? ''));
  const [hosts, setHosts] = useState('');
  const [prefix, setPrefix] = useState('/');
  const hostnames = splitWords(hosts);
  return (
    <PartForm
      title="Expose through a gateway"
      fault={
        chosen === undefined
          ? 'Choose a gateway.'
          : hostnames.length === 0
            ? `Name the hosts; the gateway serves ${chosen.hostnames.join(', ')}.`
            : !prefix.startsWith('/')
              ? 'A path starts with a slash.'
              : null
      }
      onCancel={onClose}
      onPut={() => {
        if (chosen === undefined) return;
        onPut({
          type: 'expose',
          host: document.host,
          port: Number(port),
          namespace: document.namespace,
          gateway: chosen.ref,
          hostnames,
          pathPrefix: prefix,
          name: `${document.name}-${chosen.ref.name}`,
        });
        onClose();
      }}
    >
      <SelectField
        label="Gateway"
        value={gateway}
        choices={gateways.map(({ ref, hostnames: served }) => ({ value: refText(ref), label: `${refText(ref)} (${served.join(', ')})` }))}
        onChoose={setGateway}
      />
      <TextField label="Hosts" value={hosts} placeholder="shop.example.com" onChange={setHosts} />
      <TextField label="Path prefix" value={prefix} onChange={setPrefix} />
      <SelectField
        label="Port of the service"
        value={port}
        choices={ports.map((one) => ({ value: String(one.port), label: `${one.port} ${one.name}` }))}
        onChoose={setPort}
      />
      {chosen === undefined ? null : (
        <p className={form['hint']}>
          {chosen.ref.kind === 'K8sGateway'
            ? 'Makes an HTTPRoute that is attached to the Gateway (Gateway API).'
            : 'Makes a VirtualService that is bound to the Gateway (Istio).'}{' '}
          The rules for callers within the mesh stay as they are.
        </p>
      )}
    </PartForm>
  );
}

export function ExposureSection({ document, disabled, onPut }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const back = routingHref(document.namespace, document.name);
  return (
    <section className={styles['section']} aria-labelledby="exposure-title">
      <div className={styles['sectionHead']}>
        <h2 id="exposure-title">Exposure</h2>
        {disabled || document.gateways.length === 0 ? null : (
          <Button variant="link" isInline size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            Expose through a gateway
          </Button>
        )}
      </div>
      {open && !disabled ? <ExposeForm document={document} onPut={onPut} onClose={() => setOpen(false)} /> : null}
      {document.exposedBy.length === 0 ? (
        <p className={styles['sub']}>
          Only from within the mesh: no gateway brings traffic to it
          {document.gateways.length === 0 ? ', and no gateway is known that could' : ''}.
        </p>
      ) : (
        <ul className={styles['plain']}>
          {document.exposedBy.map(({ gateway, route, hostnames }) => (
            <li key={`${refText(gateway)} ${refText(route)}`}>
              <strong>{hostnames.join(', ')}</strong> through <ObjectLink to={gateway} back={back} /> by{' '}
              <ObjectLink to={route} back={back} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
