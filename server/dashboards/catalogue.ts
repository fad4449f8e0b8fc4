// The dashboards that come with the console, in the order of their list. Pure. A new one: its file in `boards` and its line here.
import type { Dashboard } from '../../model/dashboard';
import { CONTROL_PLANE } from './boards/control-plane';
import { MESH } from './boards/mesh';
import { PERFORMANCE } from './boards/performance';
import { RUNTIMES } from './boards/runtimes';
import { SERVICE } from './boards/service';
import { WASM } from './boards/wasm';
import { WORKLOAD } from './boards/workload';
import { ZTUNNEL } from './boards/ztunnel';

export const DASHBOARDS: readonly Dashboard[] = [MESH, SERVICE, WORKLOAD, CONTROL_PLANE, ZTUNNEL, PERFORMANCE, WASM, ...RUNTIMES];
