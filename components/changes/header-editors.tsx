'use client';
// Header operations and CORS of a rule. In: the part as it is. Out: forms that give the part as it shall be.
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, useState } from 'react';
import type { CorsEdit, HeaderOperations, TextCondition } from '../../model/edit';
import type { RoutingRule } from '../../model/steering';
import styles from './form.module.css';
import {
  CheckField,
  ConditionField,
  fromPairs,
  NumberField,
  type Pair,
  PairsField,
  PartForm,
  RowsField,
  splitWords,
  TextField,
  toPairs,
} from './form-parts';

type Headers = NonNullable<RoutingRule['headers']>;
interface Props<T> {
  readonly value: T | null;
  readonly onPut: (value: T | null) => void;
  readonly onCancel: () => void;
}

interface TypedOperations {
  readonly set: readonly Pair[];
  readonly add: readonly Pair[];
  readonly remove: readonly string[];
}
const toTyped = (operations: HeaderOperations | undefined): TypedOperations => ({
  set: toPairs(operations?.set),
  add: toPairs(operations?.add),
  remove: operations?.remove ?? [],
});
function fromTyped({ set, add, remove }: TypedOperations): HeaderOperations {
  const names = remove.map((name) => name.trim()).filter((name) => name !== '');
  return {
    ...(Object.keys(fromPairs(set)).length === 0 ? {} : { set: fromPairs(set) }),
    ...(Object.keys(fromPairs(add)).length === 0 ? {} : { add: fromPairs(add) }),
    ...(names.length === 0 ? {} : { remove: names }),
  };
}

function Operations(props: {
  readonly of: string;
  readonly typed: TypedOperations;
  readonly onChange: (typed: TypedOperations) => void;
}): ReactNode {
  const { of, typed, onChange } = props;
  return (
    <fieldset className={styles['block']}>
      <legend>On {of}s</legend>
      <PairsField label={`Set on the ${of}`} add="Set a header" pairs={typed.set} onChange={(set) => onChange({ ...typed, set })} />
      <PairsField label={`Add to the ${of}`} add="Add a header" pairs={typed.add} onChange={(add) => onChange({ ...typed, add })} />
      <RowsField<string>
        label={`Remove from the ${of}`}
        add="Remove a header"
        blank=""
        rows={typed.remove}
        onChange={(remove) => onChange({ ...typed, remove })}
        row={(name, change, text) => (
          <TextInput
            aria-label={`${text}: name`}
            placeholder="name"
            value={name}
            spellCheck={false}
            onChange={(_event, next) => change(next)}
          />
        )}
      />
    </fieldset>
  );
}

export function HeadersEditor({ value, onPut, onCancel }: Props<Headers>): ReactNode {
  const [request, setRequest] = useState(() => toTyped(value?.request));
  const [response, setResponse] = useState(() => toTyped(value?.response));
  return (
    <PartForm
      title="Headers"
      onPut={() => onPut({ request: fromTyped(request), response: fromTyped(response) })}
      onRemove={value === null ? undefined : () => onPut(null)}
      onCancel={onCancel}
    >
      <Operations of="request" typed={request} onChange={setRequest} />
      <Operations of="response" typed={response} onChange={setResponse} />
    </PartForm>
  );
}

const ORIGIN: TextCondition = { type: 'exact', value: '' };

export function CorsEditor({ value, onPut, onCancel }: Props<CorsEdit>): ReactNode {
  const [origins, setOrigins] = useState<readonly TextCondition[]>(value?.allowOrigins ?? [ORIGIN]);
  const [methods, setMethods] = useState((value?.allowMethods ?? ['GET']).join(', '));
  const [allow, setAllow] = useState((value?.allowHeaders ?? []).join(', '));
  const [expose, setExpose] = useState((value?.exposeHeaders ?? []).join(', '));
  const [maxAge, setMaxAge] = useState<number | null>(value?.maxAgeSeconds ?? null);
  const [credentials, setCredentials] = useState(value?.allowCredentials ?? false);
  const named = origins.filter((one) => one.type !== 'present' && one.value !== '');
  return (
    <PartForm
      title="CORS"
      fault={named.length === 0 ? 'Name at least one origin.' : null}
      onPut={() =>
        onPut({
          allowOrigins: named,
          allowMethods: splitWords(methods),
          allowHeaders: splitWords(allow),
          exposeHeaders: splitWords(expose),
          maxAgeSeconds: maxAge,
          allowCredentials: credentials || value?.allowCredentials !== null ? credentials : null,
        })
      }
      onRemove={value === null ? undefined : () => onPut(null)}
      onCancel={onCancel}
    >
      <RowsField<TextCondition>
        label="Allowed origin"
        add="Allow an origin"
        blank={ORIGIN}
        rows={origins}
        onChange={setOrigins}
        row={(one, change, text) => <ConditionField label={text} condition={one} onChange={(next) => change(next ?? ORIGIN)} />}
      />
      <TextField label="Methods" value={methods} onChange={setMethods} />
      <TextField label="Request headers" value={allow} onChange={setAllow} />
      <TextField label="Exposed headers" value={expose} onChange={setExpose} />
      <NumberField label="Remembered for" unit="s" value={maxAge} onChange={setMaxAge} />
      <CheckField label="With credentials" checked={credentials} onChange={setCredentials} />
    </PartForm>
  );
}
