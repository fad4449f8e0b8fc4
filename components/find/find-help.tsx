'use client';
// How find and hide are written: grammar, operands, examples. In: nothing. Out: the content of the help panel.
import type { ReactNode } from 'react';
import { OPERANDS } from '../../model/find/operands';
import styles from './find.module.css';

const EXAMPLES: readonly (readonly [text: string, about: string])[] = [
  ['reviews v1', 'plain words: names, namespaces, versions, hosts'],
  ['cart > stripe', 'edges by both ends'],
  ['!healthy', 'what is degraded or failing'],
  ['rt > 1000 AND namespace = shop', 'slow edges from or to shop'],
  ['(app = cart OR app = web) AND version != v1', 'groups'],
  ['source.namespace = shop AND !mtls', 'the node at the start of an edge'],
  ['label:team = payments', 'labels of workloads and services'],
  ['rt = NaN', 'edges without a response time'],
];

export function FindHelp(): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className={styles['help']} aria-label="How find and hide are written" tabIndex={0}>
      <p>
        Plain words search. An <strong>expression</strong> asks conditions: an operand, mostly with an operator and a value. NOT (or !)
        binds tighter than AND, AND tighter than OR; parentheses group. Case does not matter; a value with blanks needs quotes.
      </p>
      <p>
        Text: = != contains startswith endswith (or *= ^= $=), each with not or ! before it. Numbers: = != &gt; &gt;= &lt; &lt;=; = NaN asks
        for no value.
      </p>
      <p>
        Conditions on nodes match nodes, conditions on edges edges. Both joined by AND match an edge that fulfils them together with one of
        its ends. Hide takes matched nodes with their edges, before anything is folded; it wins over find. <code>hide healthy</code> leaves
        what fails, with both ends.
      </p>
      <h3>Examples</h3>
      <dl className={styles['examples']}>
        {EXAMPLES.map(([text, about]) => (
          <div key={text}>
            <dt>
              <code>{text}</code>
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
      {(
        [
          ['Of nodes', ['node']],
          ['Of edges', ['edge']],
          ['Of both', ['both']],
        ] as const
      ).map(([title, targets]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl className={styles['operands']}>
            {OPERANDS.filter(({ on }) => targets.some((target) => target === on)).map((operand) => (
              <div key={operand.name}>
                <dt>
                  <code>{[operand.name, ...operand.aliases].join(', ')}</code>
                </dt>
                <dd>
                  {operand.about}
                  {operand.takes === 'number' && operand.unit !== '' ? `, ${operand.unit}` : ''}
                  {operand.takes === 'text' && operand.values !== null ? `: ${operand.values.join(', ')}` : ''}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </section>
  );
}
