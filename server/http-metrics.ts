// The HTTP side's own metrics: requests and their time by route and status, open streams. In: one call per request. Out: exposition text.

const BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Route {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Counters of the HTTP side; labels come from this program only (route patterns and status numbers). */
export class HttpMetrics {
  readonly #routes = new Map<string, Route>();
  #streams = 0;

  /** Notes one answered request. */
  observe(route: string, status: number, seconds: number): void {
    const key = `route="${route}",status="${status}"`;
    let found = this.#routes.get(key);
    if (!found) {
      found = { buckets: BOUNDS_SECONDS.map(() => 0), sum: 0, count: 0 };
      this.#routes.set(key, found);
    }
    found.count += 1;
    found.sum += seconds;
    for (const [i, bound] of BOUNDS_SECONDS.entries()) if (seconds <= bound) found.buckets[i] = (found.buckets[i] ?? 0) + 1;
  }
  openStream(): void {
    this.#streams += 1;
  }
  closeStream(): void {
    this.#streams -= 1;
  }

  /** Prometheus' text format 0.0.4. */
  encode(): string {
    const lines = [
      '# HELP heddle_http_request_duration_seconds Time to answer a request, streams left out.',
      '# TYPE heddle_http_request_duration_seconds histogram',
    ];
    for (const [labels, route] of this.#routes) {
      for (const [i, bound] of BOUNDS_SECONDS.entries())
        lines.push(`heddle_http_request_duration_seconds_bucket{${labels},le="${bound}"} ${route.buckets[i] ?? 0}`);
      lines.push(`heddle_http_request_duration_seconds_bucket{${labels},le="+Inf"} ${route.count}`);
      lines.push(
        `heddle_http_request_duration_seconds_sum{${labels}} ${route.sum}`,
        `heddle_http_request_duration_seconds_count{${labels}} ${route.count}`,
      );
    }
    lines.push(
      '# HELP heddle_http_streams Open event streams.',
      '# TYPE heddle_http_streams gauge',
      `heddle_http_streams ${this.#streams}`,
    );
    return `${lines.join('\n')}\n`;
  }
}
