// What a process of this machine uses, as Linux counts it (proc(5)). In: process ids. Out: CPU milliseconds, resident bytes.
import { readFileSync } from 'node:fs';

// USER_HZ is 100 on every Linux that Node runs on.
const TICK_MS = 10;

/** CPU that a process (all its threads) has used since its start, ms; in steps of 10. @throws if there is no such process */
export function readCpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses, which may hold anything: count from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU that all processes of the machine have used since its start, ms. */
export function readBusyMs(): number {
  // user nice system idle iowait irq softirq steal; guests are part of user.
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
  return [0, 1, 2, 5, 6, 7].reduce((sum, i) => sum + (fields[i] ?? 0), 0) * TICK_MS;
}

/** Resident memory of a process, bytes. @throws if there is no such process */
export function readResidentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status tells no VmRSS`);
  return Number(kilobytes) * 1024;
}
