// Next's start hook: starts the runtime, nothing else.

export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { startRuntime } = await import('./server/runtime');
  startRuntime();
}
