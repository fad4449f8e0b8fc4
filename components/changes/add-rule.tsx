'use client';
// A new rule: its conditions, where it sends or what it answers, its place. In: targets, the list. Out: an edit.
import { type ReactNode, useState } from 'react';
import type { ActionEdit, Intent, RuleRef } from '../../model/edit';
import { NumberField, PartForm, SelectField, TextField } from './form-parts';
import { cleanMatch, findMatchFault, MatchBlocks, startTyped, type TypedMatch } from './match-editor';
import { type Target, targetKey } from './prediction';

interface Props {
  /** The list; its index is the length of it. */
  readonly at: RuleRef;
  readonly targets: readonly Target[];
  readonly port: number | null;
  readonly onPut: (intent: Extract<Intent, { readonly type: 'addRule' }>, subsets: readonly (string | null)[]) => void;
  readonly onCancel: () => void;
}

const ACTIONS = [
  { value: 'route', label: 'Send to' },
  { value: 'redirect', label: 'Redirect' },
  { value: 'respond', label: 'Answer' },
] as const;
type Action = (typeof ACTIONS)[number]['value'];

export function AddRule({ at, targets, port, onPut, onCancel }: Props): ReactNode {
  const [typed, setTyped] = useState<readonly TypedMatch[]>(() => startTyped([{}]));
  const [action, setAction] = useState<Action>('route');
  const [target, setTarget] = useState(targets[0] === undefined ? '' : targetKey(targets[0].host, targets[0].subset));
  const [status, setStatus] = useState<number | null>(null);
  const [text, setText] = useState('');
  const [authority, setAuthority] = useState('');
  const [place, setPlace] = useState<'first' | 'last'>('first');
  const http = at.list === 'http';
  const mesh = at.object === null ? at.as !== 'HTTPRoute' : at.object.kind === 'VirtualService';
  // A route of the Gateway API has no answer of its own, and one for gRPC no redirect either.
  const actions = ACTIONS.filter(({ value }) => mesh || value === 'route' || (value === 'redirect' && at.object?.kind !== 'GRPCRoute'));
  const chosen = targets.find(({ host, subset }) => targetKey(host, subset) === target);
  const matches = typed.map(cleanMatch).filter((match) => Object.keys(match).length > 0);
  const build = (): ActionEdit | null => {
    switch (action) {
      case 'route':
        return chosen === undefined
          ? null
          : {
              type: 'route',
              destinations: [{ host: chosen.host, subset: chosen.subset, port: chosen.subset === null ? port : null, weight: 100 }],
            };
      case 'redirect':
        return { type: 'redirect', path: text === '' ? null : text, authority: authority === '' ? null : authority, status: status ?? 301 };
      case 'respond':
        return { type: 'respond', status: status ?? 503, body: text === '' ? null : text };
    }
  };
  const built = build();
  const fault =
    built === null
      ? 'There is nothing to send to.'
      : action === 'redirect' && text === '' && authority === ''
        ? 'Give the path or the host to redirect to.'
        : findMatchFault(matches);
  return (
    <PartForm
      title="New rule"
      put="Add to the draft"
      fault={fault}
      onCancel={onCancel}
      onPut={() => {
        if (built === null) return;
        const rule = place === 'first' ? { ...at, index: 0 } : at;
        onPut(
          { type: 'addRule', rule, name: null, matches, action: built },
          action === 'route' && chosen !== undefined ? [chosen.subset] : [],
        );
      }}
    >
      <MatchBlocks typed={typed} list={at.list} mesh={mesh} onChange={setTyped} />
      {http ? <SelectField label="Action" value={action} choices={actions} onChoose={setAction} /> : null}
      {action === 'route' ? (
        <SelectField
          label="Destination"
          value={target}
          choices={targets.map((one) => ({ value: targetKey(one.host, one.subset), label: one.label }))}
          onChoose={setTarget}
        />
      ) : (
        <>
          <NumberField
            label="Status"
            value={status}
            placeholder={action === 'redirect' ? '301' : '503'}
            min={200}
            max={599}
            onChange={setStatus}
          />
          <TextField label={action === 'redirect' ? 'Path' : 'Body'} value={text} onChange={setText} />
          {action === 'redirect' ? <TextField label="Host" value={authority} onChange={setAuthority} /> : null}
        </>
      )}
      {at.index === 0 ? null : (
        <SelectField
          label="Place"
          value={place}
          choices={[
            { value: 'first', label: 'first: tried before all' },
            { value: 'last', label: 'last' },
          ]}
          onChoose={setPlace}
        />
      )}
    </PartForm>
  );
}
