'use client';
// Find and hide of the graph: two fields, what they match, what they switch on. In: the document, the texts of the address. Out: fields; texts, hits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import EyeSlashIcon from '@patternfly/react-icons/dist/esm/icons/eye-slash-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { type ReactNode, type Ref, useEffect, useMemo, useState } from 'react';
import { completeExpression, type ValuesOf, valuesIn } from '../../model/find/complete';
import type { FindError } from '../../model/find/expression';
import { listNeeds } from '../../model/find/needs';
import { canonicalQuery, parseQuery } from '../../model/find/query';
import { encodeView, type GraphDocument, type ViewSpec } from '../../model/wire';
import type { Screen } from '../live/screen-url';
import { Disclosure } from '../ui/disclosure';
import { plural } from '../ui/format';
import { useJson } from '../ui/use-json';
import { useStored } from '../ui/use-stored';
import { applyNeeds } from './apply-needs';
import styles from './find.module.css';
import { isFindDocument } from './find-guard';
import { FindHelp } from './find-help';
import { buildFound, type Found, type Hit, wantsServer } from './find-hits';
import { addRecent, decodeRecent, encodeRecent, FIND_PRESETS, HIDE_PRESETS, type Preset } from './presets';
import { type Choice, type ChoiceGroup, QueryField } from './query-field';

interface Props {
  readonly document: GraphDocument | null;
  readonly view: ViewSpec;
  readonly find: string;
  readonly narrow: boolean;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly change: (change: (screen: Screen) => Partial<Screen>) => void;
  readonly onFound: (found: Found) => void;
  readonly onGo: (hit: Hit) => void;
}

const SHOWN_HITS = 30;
const NO_RECENT: readonly string[] = [];
const errorOf = (text: string): FindError | null => {
  const query = parseQuery(text);
  return query.kind === 'error' ? query.error : null;
};

export function FindFields(props: Props): ReactNode {
  const { document, view, find, narrow, inputRef, onFound } = props;
  const [added, setAdded] = useState<readonly string[]>([]);
  const [hideShown, setHideShown] = useState(false);
  const [recent, setRecent] = useStored('heddle.find.recent', NO_RECENT, decodeRecent, encodeRecent);
  const query = useMemo(() => parseQuery(find), [find]);
  const asked =
    document !== null && wantsServer(query, document)
      ? `/api/graph/find?${findQuery(view, canonicalQuery(query) ?? '', document.revision)}`
      : null;
  const { data: answer, loading } = useJson(asked, { guard: isFindDocument });
  const found = useMemo(() => (document === null ? null : buildFound(query, document, answer)), [query, document, answer]);
  const values = useMemo<ValuesOf>(() => (document === null ? () => [] : valuesIn(document)), [document]);
  useEffect(() => {
    if (found !== null) onFound(found);
  }, [found, onFound]);

  const remember = (text: string): void => {
    if (parseQuery(text).kind === 'expression') setRecent(addRecent(recent, text));
  };
  const apply = (now: Screen, text: string, shows: boolean): Partial<Screen> => {
    const applied = applyNeeds(now, listNeeds(parseQuery(text), now.view.overlays), shows);
    setAdded(applied.added);
    return applied.screen;
  };
  const commitFind = (text: string): void => props.change((now) => ({ ...apply(now, text, true), find: text.trim() }));
  const commitHide = (text: string): void => {
    const hide = canonicalQuery(parseQuery(text)) ?? '';
    if (hide !== view.hide)
      props.change((now) => {
        const more = apply(now, text, false);
        return { ...more, view: { ...(more.view ?? now.view), hide } };
      });
    remember(text.trim());
  };
  const hitChoices = (hits: readonly Hit[]): readonly Choice[] =>
    hits.slice(0, SHOWN_HITS).map((hit) => ({
      key: hit.id,
      label: hit.label,
      detail: hit.open === null ? hit.detail : `${hit.detail}, folded`,
      health: hit.health,
      onTake: () => {
        remember(find);
        props.onGo(hit);
      },
    }));

  const findGroups = (draft: string, caret: number): readonly ChoiceGroup[] => {
    if (draft.trim() === '') return presetGroups(recent, FIND_PRESETS, commitFind);
    const now = parseQuery(draft);
    const completions = completionGroup(draft, caret, values);
    // While the address follows the typing, the hits are of the text before.
    const current = draft.trim() === find.trim() && !loading ? found : null;
    const hits: ChoiceGroup = {
      title: 'Hits',
      choices: current === null ? [] : hitChoices(current.hits),
      ...(current === null ? {} : noteOf(current, now.kind === 'text', added)),
    };
    return now.kind === 'text' ? [hits, completions] : now.kind === 'error' ? [completions] : [completions, hits];
  };
  const hideGroups = (draft: string, caret: number): readonly ChoiceGroup[] =>
    draft.trim() === '' ? presetGroups(recent, HIDE_PRESETS, commitHide) : [completionGroup(draft, caret, values)];

  return (
    <div className={styles['fields']}>
      <QueryField
        id="find"
        name="Find in the graph by name, namespace, version or host, or by an expression; a > b finds edges"
        placeholder="Find (press /)"
        text={find}
        count={find.trim() === '' || found === null || query.kind === 'error' ? undefined : String(found.count)}
        error={errorOf}
        groups={findGroups}
        onTyped={commitFind}
        onDone={(text, by) => {
          const now = parseQuery(text);
          if (text.trim() !== find.trim()) commitFind(text);
          if (by === 'enter') remember(text.trim());
          // Enter goes to the first hit of plain words, as soon as they are these words' hits.
          return by === 'leave' || now.kind !== 'text' || text.trim() !== find.trim() || found === null || found.hits.length === 0;
        }}
        inputRef={inputRef}
        help={
          <Disclosure
            label={undefined}
            icon={<QuestionCircleIcon />}
            name="Help for find and hide"
            wide
            variant="plain"
            align={narrow ? 'start' : 'end'}
            className={styles['helpButton'] ?? ''}
          >
            {() => <FindHelp />}
          </Disclosure>
        }
        note={`${find.trim() === '' || found === null ? '' : plural(found.count, 'hit')}${added.length === 0 ? '' : `. Switched on for it: ${added.join(', ')}.`}`}
      />
      {narrow && !hideShown && view.hide === '' ? (
        <Button variant="control" icon={<EyeSlashIcon />} aria-label="Hide…" title="Hide…" onClick={() => setHideShown(true)} />
      ) : (
        <QueryField
          id="hide"
          name="Hide what matches, before anything is folded"
          placeholder="Hide"
          text={view.hide}
          error={errorOf}
          groups={hideGroups}
          onDone={(text) => {
            commitHide(text);
            return true;
          }}
          help={null}
          note=""
        />
      )}
    </div>
  );
}

/** The revision asks again when the graph has changed; the server does not read it. */
function findQuery(view: ViewSpec, find: string, revision: number): string {
  const query = encodeView(view);
  query.set('find', find);
  query.set('revision', String(revision));
  return query.toString();
}

function noteOf(found: Found, plain: boolean, added: readonly string[]): { readonly note?: string } {
  const notes: string[] = [];
  if (found.count > SHOWN_HITS) notes.push(`and ${found.count - SHOWN_HITS} more; what is drawn of them is marked.`);
  if (found.count === 0)
    notes.push(
      plain
        ? 'Nothing matches. Names, namespaces, versions and hosts are searched; write a > b for edges.'
        : 'Nothing matches this expression now.',
    );
  if (added.length > 0) notes.push(`Switched on for it: ${added.join(', ')}.`);
  return notes.length === 0 ? {} : { note: notes.join(' ') };
}

function completionGroup(draft: string, caret: number, values: ValuesOf): ChoiceGroup {
  const { from, to, options } = completeExpression(draft, caret, values);
  return {
    title: 'Go on with',
    completes: from < to,
    choices: options.map(({ insert, label, about }) => ({
      key: label,
      label,
      detail: about,
      next: { text: `${draft.slice(0, from)}${insert}${draft.slice(to).trimStart()}`, caret: from + insert.length },
    })),
  };
}

function presetGroups(recent: readonly string[], presets: readonly Preset[], commit: (text: string) => void): readonly ChoiceGroup[] {
  const choiceOf = (text: string, label: string, detail: string): Choice => ({ key: text, label, detail, onTake: () => commit(text) });
  return [
    { title: 'Recent', choices: recent.map((text) => choiceOf(text, text, '')) },
    {
      title: 'Presets',
      choices: presets.filter(({ text }) => !recent.includes(text)).map(({ label, text }) => choiceOf(text, label, text)),
    },
  ];
}
