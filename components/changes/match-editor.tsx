'use client';
// When a rule applies: blocks of conditions, one of which must hold. In: match blocks. Out: a form that gives match blocks.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type ReactNode, useState } from 'react';
import type { MatchEdit, NamedCondition, RuleList } from '../../model/edit';
import styles from './form.module.css';
import {
  ConditionField,
  fromPairs,
  NumberField,
  type Pair,
  PairsField,
  PartForm,
  RowsField,
  SelectField,
  splitWords,
  TextField,
  toPairs,
} from './form-parts';

const METHODS = ['', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const BLANK: NamedCondition = { name: '', condition: { type: 'exact', value: '' } };

/** While it is typed: pairs may still lack a name. */
interface Typed {
  readonly match: MatchEdit;
  readonly labels: readonly Pair[];
  readonly gateways: string;
}
const toTyped = (match: MatchEdit): Typed => ({ match, labels: toPairs(match.sourceLabels), gateways: (match.gateways ?? []).join(', ') });

/** Without what was left empty. */
export function cleanMatch({ match, labels, gateways }: Typed): MatchEdit {
  const named = (list: readonly NamedCondition[] | undefined): readonly NamedCondition[] =>
    (list ?? []).filter(({ name }) => name.trim() !== '');
  const headers = named(match.headers);
  const queryParams = named(match.queryParams);
  const sourceLabels = fromPairs(labels);
  const names = splitWords(gateways);
  return {
    ...(match.path === undefined ? {} : { path: match.path }),
    ...(match.method === undefined || match.method === '' ? {} : { method: match.method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
    ...(Object.keys(sourceLabels).length === 0 ? {} : { sourceLabels }),
    ...(match.sourceNamespace === undefined || match.sourceNamespace === '' ? {} : { sourceNamespace: match.sourceNamespace }),
    ...(match.port === undefined ? {} : { port: match.port }),
    ...(names.length === 0 ? {} : { gateways: names }),
  };
}

/** A condition without its text matches what nobody means. */
export function findMatchFault(blocks: readonly MatchEdit[]): string | null {
  for (const block of blocks) {
    const conditions = [
      block.path,
      ...(block.headers ?? []).map((one) => one.condition),
      ...(block.queryParams ?? []).map((one) => one.condition),
    ];
    if (conditions.some((one) => one !== undefined && one.type !== 'present' && one.value === ''))
      return 'A condition has no text to compare with.';
    if (block.path !== undefined && block.path.type !== 'regex' && block.path.type !== 'present' && !block.path.value.startsWith('/'))
      return 'A path starts with a slash.';
  }
  return null;
}

const without = (match: MatchEdit, key: keyof MatchEdit): MatchEdit =>
  Object.fromEntries(Object.entries(match).filter(([name]) => name !== key));

function Named(props: {
  readonly label: string;
  readonly add: string;
  readonly list: readonly NamedCondition[];
  readonly onChange: (list: readonly NamedCondition[]) => void;
}): ReactNode {
  return (
    <RowsField<NamedCondition>
      label={props.label}
      rows={props.list}
      blank={BLANK}
      add={props.add}
      onChange={props.onChange}
      row={(one, change, text) => (
        <>
          <TextInput
            aria-label={`${text}: name`}
            placeholder="name"
            value={one.name}
            spellCheck={false}
            onChange={(_event, name) => change({ ...one, name })}
          />
          <ConditionField
            label={text}
            condition={one.condition}
            canBePresent
            onChange={(condition) => change({ ...one, condition: condition ?? BLANK.condition })}
          />
        </>
      )}
    />
  );
}

function Block(props: {
  readonly typed: Typed;
  readonly index: number;
  readonly list: RuleList;
  readonly mesh: boolean;
  readonly onChange: (typed: Typed) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { typed, index, list, mesh, onChange, onRemove } = props;
  const { match } = typed;
  const set = (change: Partial<MatchEdit>): void => onChange({ ...typed, match: { ...match, ...change } });
  return (
    <fieldset className={styles['block']}>
      <legend>{index === 0 ? 'When all of these hold' : 'or when all of these hold'}</legend>
      {list !== 'http' ? null : (
        <>
          <div className={styles['fields']}>
            <div className={`${styles['field']} ${styles['path']}`}>
              <span aria-hidden className={styles['label']}>
                Path
              </span>
              <ConditionField
                label={`Path of block ${index + 1}`}
                optional
                condition={match.path}
                onChange={(path) => (path === undefined ? onChange({ ...typed, match: without(match, 'path') }) : set({ path }))}
              />
            </div>
            <SelectField
              label="Method"
              value={match.method ?? ''}
              choices={[...new Set([...METHODS, match.method ?? ''])].map((value) => ({ value, label: value === '' ? 'any' : value }))}
              onChoose={(method) => set({ method })}
            />
          </div>
          <Named label="Header" add="Add a header" list={match.headers ?? []} onChange={(headers) => set({ headers })} />
          <Named
            label="Query parameter"
            add="Add a query parameter"
            list={match.queryParams ?? []}
            onChange={(queryParams) => set({ queryParams })}
          />
        </>
      )}
      {!mesh ? null : (
        <>
          <PairsField
            label="Label of the caller"
            add="Add a label"
            pairs={typed.labels}
            onChange={(labels) => onChange({ ...typed, labels })}
          />
          <div className={styles['fields']}>
            <TextField
              label="Namespace of the caller"
              value={match.sourceNamespace ?? ''}
              onChange={(sourceNamespace) => set({ sourceNamespace })}
            />
            <NumberField
              label="Port"
              min={1}
              max={65_535}
              value={match.port ?? null}
              onChange={(port) => (port === null ? onChange({ ...typed, match: without(match, 'port') }) : set({ port }))}
            />
            <TextField
              label="Gateways"
              value={typed.gateways}
              placeholder="mesh, istio-system/ingress"
              onChange={(gateways) => onChange({ ...typed, gateways })}
            />
          </div>
        </>
      )}
      <Button variant="link" isInline size="sm" onClick={onRemove}>
        Remove these conditions
      </Button>
    </fieldset>
  );
}

interface Props {
  readonly matches: readonly MatchEdit[];
  readonly list: RuleList;
  /** VirtualServices can match on the caller; the Gateway API cannot. */
  readonly mesh: boolean;
  readonly onPut: (matches: readonly MatchEdit[]) => void;
  readonly onCancel: () => void;
}

/** The blocks alone, for a form around them. */
export function MatchBlocks(
  props: Pick<Props, 'list' | 'mesh'> & { readonly typed: readonly Typed[]; readonly onChange: (typed: readonly Typed[]) => void },
): ReactNode {
  const { typed, list, mesh, onChange } = props;
  return (
    <>
      {typed.length === 0 ? <p className={styles['hint']}>No condition: it applies to everything that no rule before it takes.</p> : null}
      {typed.map((one, i) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no name but their place while they are typed
          key={i}
          typed={one}
          index={i}
          list={list}
          mesh={mesh}
          onChange={(next) => onChange(typed.map((old, k) => (k === i ? next : old)))}
          onRemove={() => onChange(typed.filter((_, k) => k !== i))}
        />
      ))}
      <Button variant="link" isInline size="sm" onClick={() => onChange([...typed, toTyped({})])}>
        {typed.length === 0 ? 'Add conditions' : 'Add other conditions (or)'}
      </Button>
    </>
  );
}

export const startTyped = (matches: readonly MatchEdit[]): readonly Typed[] => matches.map(toTyped);
export type { Typed as TypedMatch };

export function MatchEditor({ matches, list, mesh, onPut, onCancel }: Props): ReactNode {
  const [typed, setTyped] = useState(() => startTyped(matches));
  const cleaned = typed.map(cleanMatch);
  return (
    <PartForm title="When the rule applies" fault={findMatchFault(cleaned)} onPut={() => onPut(cleaned)} onCancel={onCancel}>
      <MatchBlocks typed={typed} list={list} mesh={mesh} onChange={setTyped} />
    </PartForm>
  );
}
