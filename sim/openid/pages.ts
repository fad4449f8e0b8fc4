// The provider's own pages: who to log in as, logging out, and what went wrong. Plain HTML; only the logout page has a script, and works without.
// In: what they show. Out: Page (HTML and its headers).
import { randomBytes } from 'node:crypto';
import type { Identity } from './identities';

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f0f0f0; --card: #fff; --text: #151515; --soft: #4d4d4d; --line: #c7c7c7; --accent: #06c; --hover: #e7f1fa; --note: #fff4cc; --note-text: #3d2c00; }
@media (prefers-color-scheme: dark) { :root { --page: #151515; --card: #292929; --text: #fff; --soft: #c7c7c7; --line: #5e5e5e; --accent: #92c5f9; --hover: #383838; --note: #54330b; --note-text: #ffe8b5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 480px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 32px 28px; box-shadow: 0 8px 24px rgb(0 0 0 / 12%); }
h1 { margin: 0 0 4px; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 16px; color: var(--soft); overflow-wrap: anywhere; }
strong { color: var(--text); }
.note { padding: 8px 12px; border-radius: 6px; background: var(--note); color: var(--note-text); font-size: .875rem; }
ul { list-style: none; margin: 0 0 20px; padding: 0; display: grid; gap: 10px; }
button { font: inherit; color: inherit; cursor: pointer; }
.person { width: 100%; display: grid; grid-template-columns: 44px 1fr; gap: 2px 14px; align-items: center; text-align: left; padding: 12px 14px; background: none; border: 1px solid var(--line); border-radius: 8px; }
.person:hover { background: var(--hover); border-color: var(--accent); }
.face { grid-row: span 3; width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--card); font-weight: 600; }
.name { font-weight: 600; overflow-wrap: anywhere; }
.who, .about { font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
.plain { padding: 8px 16px; background: none; border: 1px solid var(--line); border-radius: 6px; }
.main { padding: 8px 16px; background: var(--accent); color: var(--card); border: 1px solid transparent; border-radius: 6px; margin-right: 8px; }
.plain:hover { background: var(--hover); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: .875rem ui-monospace, monospace; overflow-wrap: anywhere; }
`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

function buildPage(title: string, body: string, script = ''): Page {
  const nonce = randomBytes(16).toString('base64');
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
${script === '' ? '' : `<script nonce="${nonce}">${script}</script>\n`}</body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // No form-action: Chromium holds it against the redirects after a post, too, and those lead to the client.
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
    },
  };
}

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 2)
    .toUpperCase();

function renderPerson(identity: Identity, hinted: boolean): string {
  const groups = identity.groups.length === 0 ? 'no groups' : identity.groups.join(', ');
  return `<li><button class="person" type="submit" name="user" value="${escapeHtml(identity.username)}"${hinted ? ' autofocus' : ''}>
<span class="face" aria-hidden="true">${escapeHtml(initialsOf(identity.name))}</span>
<span class="name">${escapeHtml(identity.name)}</span>
<span class="who">${escapeHtml(identity.email)} · ${escapeHtml(groups)}</span>
<span class="about">${escapeHtml(identity.about)}</span>
</button></li>`;
}

/** Whom to log in as: one click, no password. `hint`: `login_hint` of the request. The form posts `user`, or `cancel`, to its own address. */
export function buildLoginPage(client: string, identities: readonly Identity[], hint: string): Page {
  const people = identities.map((identity) => renderPerson(identity, hint !== '' && [identity.username, identity.email].includes(hint)));
  return buildPage(
    'Log in (simulated)',
    `<h1>Log in to ${escapeHtml(client)}</h1>
<p>Choose who you are.</p>
<p class="note">This is a simulated identity provider: the people are made up and no password is asked.</p>
<form method="post">
<ul aria-label="People">
${people.join('\n')}
</ul>
<button class="plain" type="submit" name="cancel" value="yes">Cancel</button>
</form>`,
  );
}

/** Logs out; `form` is the library's. `asks`: only on a click, because nobody knows which client wants it. */
export function buildLogoutPage(form: string, asks: boolean): Page {
  const buttons = `<button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Log out</button>${
    asks ? '<button class="plain" type="submit" form="op.logoutForm">Stay logged in</button>' : ''
  }`;
  if (asks)
    return buildPage(
      'Log out (simulated)',
      `<h1>Log out?</h1>
<p>You are logged in at the simulated identity provider.</p>
${form}${buttons}`,
    );
  return buildPage(
    'Logging out (simulated)',
    `<h1>Logging out …</h1>
<p>If nothing happens, use the button.</p>
${form}${buttons}`,
    `document.querySelector('button.main').click();`,
  );
}

/** The end of a logout that leads nowhere else. */
export const buildLoggedOutPage = (): Page =>
  buildPage('Logged out (simulated)', '<h1>Logged out</h1>\n<p>You are logged out of the simulated identity provider.</p>');

/** What the provider refuses without being able to tell the client: a wrong redirect_uri, an unknown client, an expired page. */
export const buildErrorPage = (error: string, description: string): Page =>
  buildPage(
    'Login failed (simulated)',
    `<h1>The identity provider refused</h1>
<p><strong>${escapeHtml(error)}</strong>: ${escapeHtml(description)}</p>
<p>Go back to the application and start again.</p>`,
  );
