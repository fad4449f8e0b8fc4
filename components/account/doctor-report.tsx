'use client';
// How a login went: what was found with its fix, what the provider said, which roles matched. In: DoctorDocument. Out: lists and tables.
import { Label, LabelGroup } from '@patternfly/react-core/dist/esm/components/Label';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import type { ReactNode } from 'react';
import type { DoctorDocument, DoctorFinding } from '../../model/account';
import { CopyButton } from '../ui/copy-button';
import { Fact, Facts } from '../ui/facts';
import { formatInstant } from '../ui/format';
import { SimpleTable } from '../ui/simple-table';
import styles from './account.module.css';

const SEVERITIES = {
  error: { word: 'Error', icon: <ExclamationCircleIcon />, rank: 0 },
  warning: { word: 'Warning', icon: <ExclamationTriangleIcon />, rank: 1 },
  ok: { word: 'In order', icon: <CheckCircleIcon />, rank: 2 },
} as const;

/** Gravest first; those of the same severity stay in the order in which they were looked at. */
export function Findings({ findings }: { readonly findings: readonly DoctorFinding[] }): ReactNode {
  const sorted = [...findings].sort((a, b) => SEVERITIES[a.severity].rank - SEVERITIES[b.severity].rank);
  return (
    <ul className={styles['findings']} aria-label="Findings">
      {sorted.map(({ severity, code, text, fix }) => (
        <li key={`${code} ${text}`} className={styles['finding']}>
          <span className={`${styles['severity']} ${styles[severity]}`}>{SEVERITIES[severity].icon}</span>
          <div>
            <p>
              <strong>{SEVERITIES[severity].word}: </strong>
              {text}
            </p>
            {fix === null ? null : (
              <p>
                <strong>What to do: </strong>
                {fix}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Names({ name, names, none }: { readonly name: string; readonly names: readonly string[]; readonly none: string }): ReactNode {
  if (names.length === 0) return <span className={styles['subtle']}>{none}</span>;
  return (
    <LabelGroup aria-label={name} numLabels={30}>
      {names.map((one) => (
        <Label key={one} isCompact variant="outline">
          {one}
        </Label>
      ))}
    </LabelGroup>
  );
}

function ClaimTable({ document }: { readonly document: DoctorDocument }): ReactNode {
  const use = (name: string): string | null =>
    name === document.username.claim ? 'names the user' : name === document.groups.claim ? 'lists the groups' : null;
  return (
    <SimpleTable name="Claims of the provider" heads={['Claim', 'Value']}>
      {document.claims.map(({ name, value }) => (
        <tr key={name}>
          <th scope="row">
            {name}
            {use(name) === null ? null : <span className={styles['subtle']}>{use(name)}</span>}
          </th>
          <td>{value ?? <span className={styles['subtle']}>present, not shown</span>}</td>
        </tr>
      ))}
    </SimpleTable>
  );
}

function RoleTable({ roles }: { readonly roles: DoctorDocument['roles'] }): ReactNode {
  return (
    <SimpleTable name="Roles of the configuration" heads={['Role', 'Namespaces', 'Matched by']}>
      {roles.map(({ role, namespaces, matchedBy }) => (
        <tr key={`${role} ${namespaces.join()} ${matchedBy.join()}`}>
          <th scope="row">{role}</th>
          <td>{namespaces.includes('*') ? 'all' : namespaces.join(', ')}</td>
          <td>{matchedBy.length === 0 ? <span className={styles['subtle']}>nothing of yours</span> : matchedBy.join(', ')}</td>
        </tr>
      ))}
    </SimpleTable>
  );
}

function RedirectUri({ redirectUri: { used, expected } }: Pick<DoctorDocument, 'redirectUri'>): ReactNode {
  if (used === null && expected.length === 0) return null;
  const matches = used === null || expected.length === 0 || expected.includes(used);
  return (
    <section className={styles['part']}>
      <h3>Redirect URI</h3>
      <Facts>
        {used === null ? null : (
          <Fact term="Sent to the provider" wide>
            <code>{used}</code> <CopyButton text={() => used} what="the redirect URI" />
          </Fact>
        )}
        {expected.length === 0 ? null : (
          <Fact term={expected.length === 1 ? 'By the configuration' : 'One of these, by the configuration'} wide>
            {expected.map((uri) => (
              <code key={uri} className={styles['uri']}>
                {uri}
              </code>
            ))}
          </Fact>
        )}
      </Facts>
      <p className={matches ? styles['subtle'] : styles['error']}>
        {matches
          ? 'The provider must know the address that is sent, letter by letter.'
          : 'The address that is sent is none of the configuration: check server.publicUrls.'}
      </p>
    </section>
  );
}

export function DoctorReport({ document }: { readonly document: DoctorDocument }): ReactNode {
  const { username, groups, roles, claims, findings, redirectUri } = document;
  return (
    <div className={styles['report']}>
      {findings.length === 0 ? <p>Nothing stood out.</p> : <Findings findings={findings} />}
      <section className={styles['part']}>
        <h3>Who the provider says it is</h3>
        <Facts>
          <Fact
            term={
              <>
                User, from the claim <code>{username.claim}</code>
              </>
            }
          >
            {username.value ?? <span className={styles['subtle']}>the claim is missing</span>}
          </Fact>
          <Fact
            term={
              <>
                Groups, from the claim <code>{groups.claim}</code>
              </>
            }
          >
            <Names name="Groups of the provider" names={groups.values} none="none came" />
          </Fact>
        </Facts>
      </section>
      {roles.length === 0 ? null : (
        <section className={styles['part']}>
          <h3>Roles</h3>
          <RoleTable roles={roles} />
        </section>
      )}
      <RedirectUri redirectUri={redirectUri} />
      {claims.length === 0 ? null : (
        <section className={styles['part']}>
          <h3>Claims</h3>
          <ClaimTable document={document} />
        </section>
      )}
      <p className={styles['subtle']}>Seen at {formatInstant(document.atMs)}. Secrets and tokens are never shown.</p>
    </div>
  );
}
