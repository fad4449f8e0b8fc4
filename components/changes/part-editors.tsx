'use client';
// Small parts of a rule: fault, timeout, retries, mirror, rewrite. In: the part as it is. Out: forms that give the part as it shall be.
import { type ReactNode, useState } from 'react';
import type { FaultEdit, RetriesEdit } from '../../model/edit';
import type { RoutingRule } from '../../model/steering';
import { NumberField, PartForm, SelectField, splitWords, TextField } from './form-parts';

interface Props<T> {
  /** Null: the rule has none. */
  readonly value: T | null;
  readonly onPut: (value: T | null) => void;
  readonly onCancel: () => void;
}
const removal = <T,>({ value, onPut }: Props<T>): (() => void) | undefined => (value === null ? undefined : () => onPut(null));

export function FaultEditor(props: Props<FaultEdit>): ReactNode {
  const { value } = props;
  const [delayMs, setDelay] = useState<number | null>(value?.delay?.milliseconds ?? null);
  const [delayPercent, setDelayPercent] = useState<number | null>(value?.delay?.percent ?? 100);
  const [status, setStatus] = useState<number | null>(value?.abort?.httpStatus ?? null);
  const [abortPercent, setAbortPercent] = useState<number | null>(value?.abort?.percent ?? 100);
  const grpc = value?.abort?.grpcStatus;
  const fault =
    delayMs === null && status === null && grpc === undefined
      ? 'Give a delay or a status.'
      : status !== null && (status < 200 || status > 599)
        ? 'A status is from 200 to 599.'
        : null;
  const put = (): void =>
    props.onPut({
      delay: delayMs === null ? null : { milliseconds: delayMs, percent: delayPercent ?? 100 },
      abort:
        status !== null
          ? { httpStatus: status, percent: abortPercent ?? 100 }
          : grpc === undefined
            ? null
            : { grpcStatus: grpc, percent: abortPercent ?? 100 },
    });
  return (
    <PartForm title="Fault injection" fault={fault} onPut={put} onRemove={removal(props)} onCancel={props.onCancel}>
      <NumberField label="Delay" unit="ms" value={delayMs} onChange={setDelay} />
      <NumberField label="Delayed requests" unit="%" max={100} step="any" value={delayPercent} onChange={setDelayPercent} />
      <NumberField label="Abort with status" value={status} placeholder="503" max={599} onChange={setStatus} />
      <NumberField label="Aborted requests" unit="%" max={100} step="any" value={abortPercent} onChange={setAbortPercent} />
    </PartForm>
  );
}

export function TimeoutEditor(props: Props<number>): ReactNode {
  const [seconds, setSeconds] = useState<number | null>(props.value === null ? null : props.value / 1000);
  return (
    <PartForm
      title="Timeout"
      fault={seconds === null || seconds < 0 ? 'Give a time, or remove the timeout.' : null}
      onPut={() => props.onPut(seconds === null ? null : Math.round(seconds * 1000))}
      onRemove={removal(props)}
      onCancel={props.onCancel}
    >
      <NumberField label="Timeout" unit="s" step="any" value={seconds} onChange={setSeconds} />
    </PartForm>
  );
}

export function RetriesEditor(props: Props<RetriesEdit>): ReactNode {
  const { value } = props;
  const [attempts, setAttempts] = useState<number | null>(value?.attempts ?? 2);
  const [perTryMs, setPerTry] = useState<number | null>(value?.perTryTimeoutMs ?? null);
  const [retryOn, setRetryOn] = useState((value?.retryOn ?? []).join(','));
  return (
    <PartForm
      title="Retries"
      fault={attempts === null ? 'Give a number of attempts; 0 switches retries off.' : null}
      onPut={() => props.onPut({ attempts: attempts ?? 0, perTryTimeoutMs: perTryMs, retryOn: splitWords(retryOn) })}
      onRemove={removal(props)}
      onCancel={props.onCancel}
    >
      <NumberField label="Attempts" value={attempts} max={100} onChange={setAttempts} />
      <NumberField label="Timeout of each" unit="ms" value={perTryMs} onChange={setPerTry} />
      <TextField
        label="Retry on"
        wide
        value={retryOn}
        placeholder="connect-failure,refused-stream,unavailable,503"
        hint="Envoy’s conditions and status codes; empty: Istio’s own choice."
        onChange={setRetryOn}
      />
    </PartForm>
  );
}

type Mirror = NonNullable<RoutingRule['mirror']>;

/** `targets`: what can be mirrored to, as values `host|subset`. */
export function MirrorEditor(
  props: Props<Mirror> & { readonly targets: readonly { readonly host: string; readonly subset: string | null; readonly label: string }[] },
): ReactNode {
  const { value, targets } = props;
  const keyOf = (one: Pick<Mirror, 'host' | 'subset'>): string => `${one.host}|${one.subset ?? ''}`;
  const all =
    value === null || targets.some((one) => keyOf(one) === keyOf(value))
      ? targets
      : [...targets, { host: value.host, subset: value.subset, label: `${value.host} ${value.subset ?? ''}` }];
  const [target, setTarget] = useState(value === null ? (all[0] === undefined ? '' : keyOf(all[0])) : keyOf(value));
  const [percent, setPercent] = useState<number | null>(value?.percent ?? 100);
  const chosen = all.find((one) => keyOf(one) === target);
  return (
    <PartForm
      title="Mirror"
      fault={chosen === undefined ? 'There is nothing to mirror to.' : percent === null ? 'Give a share.' : null}
      onPut={() => {
        if (chosen === undefined) return;
        const port = value !== null && keyOf(value) === target ? value.port : null;
        props.onPut({ host: chosen.host, subset: chosen.subset, port, percent: percent ?? 100 });
      }}
      onRemove={removal(props)}
      onCancel={props.onCancel}
    >
      <SelectField
        label="Mirror to"
        value={target}
        choices={all.map((one) => ({ value: keyOf(one), label: one.label }))}
        onChoose={setTarget}
      />
      <NumberField label="Share of requests" unit="%" max={100} step="any" value={percent} onChange={setPercent} />
    </PartForm>
  );
}

type Rewrite = NonNullable<RoutingRule['rewrite']>;

export function RewriteEditor(props: Props<Rewrite>): ReactNode {
  const [path, setPath] = useState(props.value?.path ?? '');
  const [authority, setAuthority] = useState(props.value?.authority ?? '');
  return (
    <PartForm
      title="Rewrite"
      fault={path === '' && authority === '' ? 'Give a path or a host, or remove the rewrite.' : null}
      onPut={() => props.onPut({ path: path === '' ? null : path, authority: authority === '' ? null : authority })}
      onRemove={removal(props)}
      onCancel={props.onCancel}
    >
      <TextField label="Path" value={path} placeholder="/new" hint="Replaces the part of the path that matched." onChange={setPath} />
      <TextField label="Host" value={authority} onChange={setAuthority} />
    </PartForm>
  );
}
