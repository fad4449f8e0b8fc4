// The YAML of an object as the beginning of another one. In: YAML, its name. Out: YAML under a new name, without what belongs to the old one. Pure.

/** Fields of metadata that the API server writes, or that tie the object to an owner. */
const OWN = /^ {2}(?:uid|resourceVersion|generation|creationTimestamp|selfLink|ownerReferences|managedFields):/;

/** Indentation by two blanks, as the console's API writes it. */
export function copyText(yaml: string, name: string): string {
  const lines: string[] = [];
  let top = '';
  let dropping = false;
  for (const line of yaml.split('\n')) {
    if (/^\S/.test(line)) top = line.split(':')[0] ?? '';
    if (/^ {0,2}[^\s-]/.test(line)) dropping = (top === 'metadata' && OWN.test(line)) || top === 'status';
    if (dropping) continue;
    lines.push(top === 'metadata' && /^ {2}name:/.test(line) ? `  name: ${name}-copy` : line);
  }
  return lines.join('\n');
}
