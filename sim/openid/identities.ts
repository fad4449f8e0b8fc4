// The people of the demo as the OpenID provider knows them, and the roles of the console that suit their groups.
// In: nothing. Out: Identity, DEMO_IDENTITIES, DEMO_ROLES.

export interface Identity {
  /** `sub`: stable and unique for the provider, never shown. */
  readonly subject: string;
  /** `preferred_username`, and what the login page posts. */
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
  /** One line for the login page: what this person may do. */
  readonly about: string;
}

/** Groups of the demo; the simulated cluster binds Kubernetes roles to the same names. */
export const DEMO_GROUPS = { admins: 'mesh-admins', editors: 'bookinfo-editors', viewers: 'mesh-viewers' } as const;

export const DEMO_IDENTITIES: readonly Identity[] = [
  {
    subject: 'a1d0c1f2-0001',
    username: 'admin',
    name: 'Ada Marsh',
    email: 'admin@example.com',
    groups: [DEMO_GROUPS.admins],
    about: 'Sees the whole mesh and changes everything.',
  },
  {
    subject: 'a1d0c1f2-0002',
    username: 'editor',
    name: 'Emil Costa',
    email: 'editor@example.com',
    groups: [DEMO_GROUPS.editors],
    about: 'Sees and changes the namespace bookinfo, nothing else.',
  },
  {
    subject: 'a1d0c1f2-0003',
    username: 'viewer',
    name: 'Vera Lind',
    email: 'viewer@example.com',
    groups: [DEMO_GROUPS.viewers],
    about: 'Sees the whole mesh, changes nothing.',
  },
  {
    subject: 'a1d0c1f2-0004',
    username: 'nobody',
    name: 'Noor Haddad',
    email: 'nobody@example.com',
    groups: [],
    about: 'Is in no group: logs in, but sees nothing.',
  },
];

/** The setting `access.roles` that gives those groups their rights in the console. */
export const DEMO_ROLES = [
  { role: 'admin', groups: [DEMO_GROUPS.admins], namespaces: ['*'] },
  { role: 'editor', groups: [DEMO_GROUPS.editors], namespaces: ['bookinfo'] },
  { role: 'viewer', groups: [DEMO_GROUPS.viewers], namespaces: ['*'] },
] as const;
