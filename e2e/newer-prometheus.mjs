// A Prometheus of the 3.x series beside the one that is installed: Debian's newest package, unpacked into .scratch and never installed.
// In: root of the repository. Out: null, or why there is none (not Debian, no network): tests that want it are skipped then.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export function fetchNewerPrometheus(root) {
  const target = join(root, '.scratch', 'backends', 'prometheus-3');
  if (existsSync(join(target, 'usr', 'bin', 'prometheus'))) return null;
  if (!existsSync(KEYRING)) return 'it is fetched from Debian, and this is none';
  const work = join(root, '.scratch', 'backends', 'apt');
  rmSync(work, { recursive: true, force: true });
  for (const dir of ['lists/partial', 'cache/archives/partial', 'download']) mkdirSync(join(work, dir), { recursive: true });
  writeFileSync(join(work, 'sid.list'), `deb [signed-by=${KEYRING}] http://deb.debian.org/debian sid main\n`);
  const apt = (cwd, ...argv) =>
    spawnSync(
      'apt-get',
      [
        ...[
          `Dir::Etc::sourcelist=${join(work, 'sid.list')}`,
          'Dir::Etc::sourceparts=-',
          `Dir::State::lists=${join(work, 'lists')}`,
        ].flatMap((option) => ['-o', option]),
        ...['-o', `Dir::Cache=${join(work, 'cache')}`, '-o', 'APT::Sandbox::User=root', ...argv],
      ],
      { cwd, stdio: 'ignore', timeout: 300_000 },
    ).status === 0;
  try {
    if (!apt(work, 'update') || !apt(join(work, 'download'), 'download', 'prometheus')) return 'Debian’s packages could not be read';
    const [file] = readdirSync(join(work, 'download'));
    mkdirSync(target, { recursive: true });
    if (file === undefined || spawnSync('dpkg', ['-x', join(work, 'download', file), target], { stdio: 'ignore' }).status !== 0)
      return 'its package could not be unpacked';
    return spawnSync(join(target, 'usr', 'bin', 'prometheus'), ['--version'], { stdio: 'ignore' }).status === 0
      ? null
      : 'it does not run on this machine';
  } finally {
    rmSync(work, { recursive: true, force: true });
    if (!existsSync(join(target, 'usr', 'bin', 'prometheus'))) rmSync(target, { recursive: true, force: true });
  }
}
