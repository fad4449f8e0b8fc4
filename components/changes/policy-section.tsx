'use client';
// The traffic policy of a service and of its subsets (DestinationRule). In: the policy, the draft's. Out: facts with editors that give edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import type { Edit, Intent, TrafficPolicyEdit } from '../../model/edit';
import type { Json, JsonObject } from '../../model/inventory';
import type { ServiceRoutingDocument } from '../../model/steering';
import { ChoiceSelect } from '../ui/choice-select';
import { routingHref } from '../ui/config-address';
import { Fact, Facts } from '../ui/facts';
import { CheckField, NumberField, PartForm, SelectField, TextField } from './form-parts';
import { ObjectLink } from './object-link';
import {
  POLICY_FIELDS,
  POLICY_TITLES,
  type PolicyField,
  type PolicyPart,
  readField,
  wordPolicyPart,
  writePolicyField,
} from './policy-fields';
import styles from './routing.module.css';

const PARTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const satisfies readonly PolicyPart[];

/** The policy after the draft. */
export function projectPolicy(document: ServiceRoutingDocument, edits: readonly Edit[], subset: string | null): TrafficPolicyEdit {
  const { policy, host } = document;
  const base = subset === null ? policy.whole : (policy.bySubset.find((one) => one.subset === subset)?.policy ?? {});
  const drafted = edits.flatMap((edit) =>
    edit.type === 'trafficPolicy' && edit.host === host && edit.subset === subset ? [edit.policy] : [],
  );
  return Object.assign({}, base, ...drafted) as TrafficPolicyEdit;
}

function PolicyInput(props: {
  readonly field: PolicyField;
  readonly value: Json | undefined;
  readonly onChange: (value: string | number | true | null) => void;
}): ReactNode {
  const { field, value: is, onChange } = props;
  switch (field.type) {
    case 'number':
      return (
        <NumberField
          label={field.label}
          value={typeof is === 'number' ? is : null}
          {...(field.unit === undefined ? {} : { unit: field.unit })}
          {...(field.max === undefined ? {} : { max: field.max })}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <TextField
          label={field.label}
          value={typeof is === 'string' ? is : ''}
          {...(field.placeholder === undefined ? {} : { placeholder: field.placeholder })}
          onChange={(text) => onChange(text === '' ? null : text)}
        />
      );
    case 'check':
      return <CheckField label={field.label} checked={is === true} onChange={(on) => onChange(on ? true : null)} />;
    case 'choice':
      return (
        <SelectField
          label={field.label}
          value={typeof is === 'string' ? is : ''}
          choices={[...new Set(['', ...field.choices, typeof is === 'string' ? is : ''])].map((one) => ({
            value: one,
            label: one === '' ? 'not set' : one,
          }))}
          onChoose={(text) => onChange(text === '' ? null : text)}
        />
      );
  }
}

function PolicyForm(props: {
  readonly part: PolicyPart;
  readonly value: JsonObject | null;
  readonly onPut: (value: JsonObject | null) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { part, value, onPut, onCancel } = props;
  const [typed, setTyped] = useState<JsonObject>(value ?? {});
  return (
    <PartForm
      title={POLICY_TITLES[part]}
      fault={Object.keys(typed).length === 0 ? 'Set something, or remove the part.' : null}
      onPut={() => onPut(typed)}
      onRemove={value === null ? undefined : () => onPut(null)}
      onCancel={onCancel}
    >
      {POLICY_FIELDS[part].map((field) => (
        <PolicyInput
          key={field.path.join('.')}
          field={field}
          value={readField(typed, field.path)}
          onChange={(next) => setTyped((old) => writePolicyField(part, old, field.path, next))}
        />
      ))}
    </PartForm>
  );
}

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly edits: readonly Edit[];
  readonly disabled: boolean;
  readonly onPut: (intent: Intent) => void;
}

const WHOLE = '';

export function PolicySection({ document, edits, disabled, onPut }: Props): ReactNode {
  const [scope, setScope] = useState(WHOLE);
  const [open, setOpen] = useState<PolicyPart | null>(null);
  const subset = scope === WHOLE ? null : scope;
  const policy = projectPolicy(document, edits, subset);
  const subsets = document.versions.flatMap((version) => (version.subset === null ? [] : [version.subset]));
  const { definedBy } = document.policy;
  return (
    <section className={styles['section']} aria-labelledby="policy-title">
      <div className={styles['sectionHead']}>
        <h2 id="policy-title">Traffic policy</h2>
        <span className={styles['sub']}>
          {definedBy === null ? (
            'No DestinationRule: Istio’s defaults'
          ) : (
            <ObjectLink to={definedBy} path="spec.trafficPolicy" back={routingHref(document.namespace, document.name)} />
          )}
        </span>
        {subsets.length === 0 ? null : (
          <ChoiceSelect
            name="Traffic policy of"
            value={scope}
            choices={[{ value: WHOLE, label: 'the whole service' }, ...subsets.map((one) => ({ value: one, label: `subset ${one}` }))]}
            onChoose={(next) => {
              setScope(next);
              setOpen(null);
            }}
          />
        )}
      </div>
      <Facts>
        {PARTS.map((part) => {
          const word = wordPolicyPart(part, policy[part]);
          return (
            <Fact key={part} term={POLICY_TITLES[part]}>
              {word ?? <span className={styles['sub']}>not set</span>}{' '}
              {disabled ? null : (
                <Button
                  variant="link"
                  isInline
                  size="sm"
                  aria-expanded={open === part}
                  aria-label={`${word === null ? 'Set' : 'Edit'} ${POLICY_TITLES[part]}`}
                  onClick={() => setOpen(open === part ? null : part)}
                >
                  {word === null ? 'Set' : 'Edit'}
                </Button>
              )}
            </Fact>
          );
        })}
      </Facts>
      {open === null || disabled ? null : (
        <PolicyForm
          key={`${scope} ${open}`}
          part={open}
          value={policy[open] ?? null}
          onCancel={() => setOpen(null)}
          onPut={(value) => {
            onPut({ type: 'trafficPolicy', host: document.host, namespace: document.namespace, subset, policy: { [open]: value } });
            setOpen(null);
          }}
        />
      )}
    </section>
  );
}
