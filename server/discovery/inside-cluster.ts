// Whether names of Services can be resolved here, which is so in a pod and nowhere else. In: DNS. Out: true or false.
import { lookup } from 'node:dns/promises';

const WAIT_MS = 1500;

/** Asks for the name that every cluster has (docs/tasks/run-application/access-api-from-pod). */
export async function isInsideCluster(): Promise<boolean> {
  const asked = lookup('kubernetes.default.svc').then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), WAIT_MS);
  });
  try {
    return await Promise.race([asked, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
