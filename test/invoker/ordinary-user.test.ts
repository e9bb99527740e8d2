import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { canScope } from '../../sandbox/enter';
import { REGISTER } from '../compiled';
import { listen } from './abstract-socket';
import { ON_PLATFORM, REFUSED } from './attempts';
import { bubblewrapProblem } from './harness';

const run = promisify(execFile);
const SCRIPT = path.join(__dirname, 'ordinary-user.ts');
const USER = 61_999;
const becoming = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--'];
const node = [process.execPath, '--require', REGISTER, SCRIPT];

/** Why an ordinary user's platform cannot be tried here. */
function findProblem(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has what is tried';
  if (process.getuid?.() !== 0) return undefined;
  const [program = '', ...args] = [...becoming, process.execPath, '-e', `require('fs').readFileSync('${SCRIPT}')`];
  return spawnSync(program, args).status === 0 ? undefined : 'another user cannot read this checkout';
}

const problem = findProblem();
const title = 'from inside a sandbox of an ordinary user’s platform';

describe.skipIf(problem)(problem ? `${title} (skipped: ${problem})` : title, () => {
  for (const kind of ['bubblewrap', 'process'] as const) {
    const missing = kind === 'bubblewrap' ? bubblewrapProblem : undefined;
    describe.skipIf(missing)(`by ${kind}${missing ? ` (skipped: ${missing})` : ''}`, () => {
      let outcomes: Record<string, unknown>;
      beforeAll(async () => {
        const { name, end } = await listen();
        const [program = '', ...args] = [...(process.getuid?.() === 0 ? becoming : []), ...node, kind, name];
        const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent' };
        const { stdout } = await run(program, args, { env }).finally(end);
        outcomes = JSON.parse(stdout);
      }, 120_000);

      it('each attempt is refused', () => expect(outcomes).toMatchObject(REFUSED));

      it('no abstract Unix socket of the host is reached', () => {
        for (const one of ['stream', 'datagram', 'from_pair']) {
          expect(outcomes[`abstract_${one}`]).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
        }
      });

      it('the platform’s own process is neither looked into nor signalled', (context) => {
        if (kind === 'process' && !canScope()) context.skip('this kernel cannot keep a user’s processes apart');
        for (const one of ON_PLATFORM) expect(outcomes[one], one).toMatch(/^(EACCES|EPERM|ENOENT|ESRCH)$/);
      });

      it('there are no privileges', () => {
        expect(outcomes.status).toMatch(/^CapEff:\s*0+$/m);
        expect(outcomes.status).toMatch(/^NoNewPrivs:\s*1$/m);
      });

      it('programs work that use processes and Unix sockets of their own', () => {
        expect(outcomes).toMatchObject({ pools: [1, 4, 9], manager: [1] });
      });
    });
  }
});
