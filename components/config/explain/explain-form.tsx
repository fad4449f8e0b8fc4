'use client';
// The question to the evaluator as a form: who calls, what, how. In: a draft, names of the mesh. Out: changes of the draft, "ask".
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type FormEvent, type ReactNode, useId } from 'react';
import { ChoiceSelect } from '../../ui/choice-select';
import { readService } from '../object-words';
import { useMeshNames, usePorts } from '../use-mesh-names';
import styles from './explain.module.css';
import { METHODS, PROTOCOLS, type QuestionDraft, type ReadQuestion } from './question-url';

interface Props {
  readonly draft: QuestionDraft;
  readonly faults: ReadQuestion['faults'];
  readonly namespaces: readonly string[];
  readonly onDraft: (draft: QuestionDraft) => void;
  readonly onAsk: () => void;
  readonly asking: boolean;
  readonly fetch?: typeof globalThis.fetch;
}

interface FieldProps {
  readonly label: string;
  readonly fault: string | undefined;
  readonly children: (
    id: string,
    described: { readonly 'aria-describedby'?: string; readonly validated: 'error' | 'default' },
  ) => ReactNode;
}

function Field({ label, fault, children }: FieldProps): ReactNode {
  const id = useId();
  const described =
    fault === undefined ? { validated: 'default' as const } : { 'aria-describedby': `${id}-fault`, validated: 'error' as const };
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      {children(id, described)}
      {fault === undefined ? null : (
        <span id={`${id}-fault`} className={styles['fault']}>
          {fault}
        </span>
      )}
    </div>
  );
}

const PROTOCOL_WORDS = { http: 'HTTP', grpc: 'gRPC', tcp: 'TCP', tls: 'TLS (SNI)' } as const;

export function ExplainForm({ draft, faults, namespaces, onDraft, onAsk, asking, fetch }: Props): ReactNode {
  const ids = useId();
  const callers = useMeshNames(draft.namespace, fetch);
  const target = readService(draft.host.trim(), draft.namespace);
  const called = useMeshNames(target?.namespace ?? '', fetch);
  const { ports } = usePorts(target?.namespace ?? '', target?.name ?? '', fetch);
  const put = (change: Partial<QuestionDraft>): void => onDraft({ ...draft, ...change });
  const streams = draft.protocol === 'tcp' || draft.protocol === 'tls';
  const hosts = new Map([...callers.services, ...called.services].map(({ host }) => [host, host]));
  const known = draft.namespace === '' || namespaces.includes(draft.namespace) ? namespaces : [...namespaces, draft.namespace].sort();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk();
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="The request">
      <Field label="Caller’s namespace" fault={faults?.namespace}>
        {() => (
          <ChoiceSelect
            name="Caller’s namespace"
            value={draft.namespace}
            choices={[{ value: '', label: 'Choose a namespace' }, ...known.map((one) => ({ value: one, label: one }))]}
            onChoose={(namespace) => put({ namespace, workload: '' })}
          />
        )}
      </Field>
      <Field label="Caller’s workload" fault={faults?.workload}>
        {(id, described) => (
          <>
            <TextInput
              id={id}
              list={`${ids}-workloads`}
              value={draft.workload}
              placeholder={callers.workloads[0] ?? 'productpage-v1'}
              autoComplete="off"
              spellCheck={false}
              onChange={(_event, workload) => put({ workload })}
              {...described}
            />
            <datalist id={`${ids}-workloads`}>
              {callers.workloads.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="Host" fault={faults?.host}>
        {(id, described) => (
          <>
            <TextInput
              id={id}
              list={`${ids}-hosts`}
              value={draft.host}
              placeholder="reviews.bookinfo.svc.cluster.local"
              autoComplete="off"
              spellCheck={false}
              onChange={(_event, host) => put({ host })}
              {...described}
            />
            <datalist id={`${ids}-hosts`}>
              {[...hosts.keys()].map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <div className={styles['pair']}>
        <Field label="Port" fault={faults?.port}>
          {(id, described) => (
            <>
              <TextInput
                id={id}
                list={`${ids}-ports`}
                inputMode="numeric"
                value={draft.port}
                placeholder={String(ports[0]?.port ?? 9080)}
                autoComplete="off"
                onChange={(_event, port) => put({ port })}
                {...described}
              />
              <datalist id={`${ids}-ports`}>
                {ports.map(({ name, port }) => (
                  <option key={port} value={String(port)}>
                    {name}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Protocol" fault={undefined}>
          {() => (
            <ChoiceSelect
              name="Protocol"
              value={draft.protocol}
              choices={PROTOCOLS.map((one) => ({ value: one, label: PROTOCOL_WORDS[one] }))}
              onChoose={(protocol) => put({ protocol })}
            />
          )}
        </Field>
      </div>
      {streams ? null : (
        <>
          <div className={styles['pair']}>
            <Field label="Method" fault={undefined}>
              {() => (
                <ChoiceSelect
                  name="Method"
                  value={draft.method}
                  choices={[...new Set<string>([...METHODS, draft.method])].map((one) => ({ value: one, label: one }))}
                  onChoose={(method) => put({ method })}
                />
              )}
            </Field>
            <Field label="Path with query" fault={faults?.path}>
              {(id, described) => (
                <TextInput
                  id={id}
                  value={draft.path}
                  spellCheck={false}
                  autoComplete="off"
                  onChange={(_event, path) => put({ path })}
                  {...described}
                />
              )}
            </Field>
          </div>
          <Field label="Headers, one on a line" fault={faults?.headers}>
            {(id, described) => (
              <TextArea
                id={id}
                value={draft.headers}
                placeholder="end-user: jason"
                resizeOrientation="vertical"
                spellCheck={false}
                onChange={(_event, headers) => put({ headers })}
                {...described}
              />
            )}
          </Field>
        </>
      )}
      <div>
        <Button type="submit" variant="primary" isLoading={asking} spinnerAriaLabel="The request is being explained">
          Explain
        </Button>
      </div>
    </form>
  );
}
