// Hand-written PromQL, asked of the simulated mesh's Prometheus itself. In: a query. Out: one number.
import { isRecord } from './answers';

/** The sum of an instant vector at an instant (ms; null = now); 0 for an empty one. @throws Error for anything but a vector. */
export async function fetchSum(prometheus: string, promql: string, atMs: number | null = null): Promise<number> {
  const form = new URLSearchParams({ query: promql, ...(atMs === null ? {} : { time: String(atMs / 1000) }) });
  const answer = await fetch(`${prometheus}/api/v1/query`, { method: 'POST', body: form });
  const body: unknown = await answer.json();
  const data = isRecord(body) ? body['data'] : null;
  const result = isRecord(data) && data['resultType'] === 'vector' ? data['result'] : null;
  if (!Array.isArray(result)) throw new Error(`Prometheus answered ${JSON.stringify(body).slice(0, 300)}`);
  return result.reduce<number>((sum, one: unknown) => {
    const value: unknown = isRecord(one) && Array.isArray(one['value']) ? one['value'][1] : null;
    return sum + Number(value);
  }, 0);
}
