import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, REFUSED } from './attempts';
import { inBothKinds, inKind } from './harness';

const LISTENER = `import socket, sys
stream = socket.socket(socket.AF_UNIX); stream.bind("\\0" + sys.argv[1]); stream.listen()
datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); datagram.bind("\\0" + sys.argv[1] + "-d")
print("ready", flush=True)
while True: stream.accept()
`;
const CALLER = `import socket, sys
socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[1])
socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\\0" + sys.argv[1] + "-d")
print("reached")
`;

describe.skipIf(process.platform !== 'linux')('from inside a sandbox', () => {
  inBothKinds((bench) => {
    for (const [name, refusal] of Object.entries(REFUSED)) {
      it(`${name} is refused`, async () => {
        expect(await attempt(bench, name)).toBe(refusal);
      });
    }

    it.skipIf(process.arch !== 'x64')('system calls of x32 and of 32 bits are refused', async () => {
      expect(await attempt(bench, 'x32')).toBe('ENOSYS');
      expect(await attempt(bench, 'thirty_two_bits')).toBe('ENOSYS');
    });

    it('privileges are neither there nor to be had', async () => {
      const status = String(await attempt(bench, 'status'));
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(status).toMatch(/^Seccomp:\s*2$/m);
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
        expect(status).toMatch(new RegExp(`^${set}:\\s*0+$`, 'm'));
      expect(await attempt(bench, 'sudo')).not.toBe(0);
    });

    it('programs work that use threads, processes and Unix sockets of their own', async () => {
      expect(await attempt(bench, 'threads')).toBe(28);
      expect(await attempt(bench, 'pools')).toEqual([1, 4, 9]);
      expect(await attempt(bench, 'manager')).toEqual([1]);
      expect(await attempt(bench, 'own_sockets')).toBe('heard');
      expect(await attempt(bench, 'interfaces')).toContain('lo');
    });
  });

  describe('of abstract Unix sockets', () => {
    const name = `pdfmagic-${randomBytes(6).toString('hex')}`;
    const server = spawn('python3', ['-c', LISTENER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    beforeAll(() => new Promise<void>((resolve) => void server.stdout.once('data', () => resolve())));
    afterAll(() => void server.kill('SIGKILL'));

    it('one of the host answers on the host', () => {
      const { stdout } = spawnSync('python3', ['-c', CALLER, name], { encoding: 'utf8' });
      expect(stdout.trim()).toBe('reached');
    });
    inBothKinds((bench) => {
      it('none of the host is reached, neither by a stream nor by a datagram', async () => {
        expect(await attempt(bench, 'abstract_stream', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
        expect(await attempt(bench, 'abstract_datagram', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
        expect(await attempt(bench, 'abstract_from_pair', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
      });
    });
  });

  inKind('bubblewrap', (bench) => {
    it('no key of the host’s user is listed', async () => {
      expect(await attempt(bench, 'listed_keys')).toMatch(/^(EACCES)?$/);
    });

    it('neither users, nor the engine’s socket, nor the place in the host’s control groups is seen', async () => {
      expect(await attempt(bench, 'seen')).toEqual([]);
      expect(await attempt(bench, 'control_group')).toMatch(/^(\d+:[^:]*:\/\n?)*$/);
    });
  });
});
