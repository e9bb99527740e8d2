import { beforeAll, describe, expect, it } from 'vitest';
import { isReached, listen } from './abstract-socket';
import { attempt, REFUSED } from './attempts';
import { inBothKinds, inKind } from './harness';

describe.skipIf(process.platform !== 'linux')('from inside a sandbox', () => {
  inBothKinds((bench) => {
    for (const [name, refusal] of Object.entries(REFUSED)) {
      it(`${name} is refused`, async () => {
        expect(await attempt(bench.invoker, name)).toBe(refusal);
      });
    }

    it.skipIf(process.arch !== 'x64')('system calls of x32 and of 32 bits are refused', async () => {
      expect(await attempt(bench.invoker, 'x32')).toBe('ENOSYS');
      expect(await attempt(bench.invoker, 'thirty_two_bits')).toBe('ENOSYS');
    });

    it('privileges are neither there nor to be had', async () => {
      const status = String(await attempt(bench.invoker, 'status'));
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(status).toMatch(/^Seccomp:\s*2$/m);
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
        expect(status).toMatch(new RegExp(`^${set}:\\s*0+$`, 'm'));
      expect(await attempt(bench.invoker, 'sudo')).not.toBe(0);
    });

    it('programs work that use threads, processes and Unix sockets of their own', async () => {
      expect(await attempt(bench.invoker, 'threads')).toBe(28);
      expect(await attempt(bench.invoker, 'pools')).toEqual([1, 4, 9]);
      expect(await attempt(bench.invoker, 'manager')).toEqual([1]);
      expect(await attempt(bench.invoker, 'own_sockets')).toBe('heard');
      expect(await attempt(bench.invoker, 'interfaces')).toContain('lo');
    });
  });

  describe('of abstract Unix sockets', () => {
    let name: string;
    beforeAll(async () => {
      const listener = await listen();
      name = listener.name;
      return listener.end;
    });

    it('one of the host answers on the host', () => expect(isReached(name)).toBe(true));
    inBothKinds((bench) => {
      it('none of the host is reached, neither by a stream nor by a datagram', async () => {
        expect(await attempt(bench.invoker, 'abstract_stream', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
        expect(await attempt(bench.invoker, 'abstract_datagram', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
        expect(await attempt(bench.invoker, 'abstract_from_pair', { name })).toMatch(/^(EPERM|EAFNOSUPPORT)$/);
      });
    });
  });

  inKind('bubblewrap', (bench) => {
    it('no key of the host’s user is listed', async () => {
      expect(await attempt(bench.invoker, 'listed_keys')).toMatch(/^(EACCES)?$/);
    });

    it('neither users, nor the engine’s socket, nor the place in the host’s control groups is seen', async () => {
      expect(await attempt(bench.invoker, 'seen')).toEqual([]);
      expect(await attempt(bench.invoker, 'control_group')).toMatch(/^(\d+:[^:]*:\/\n?)*$/);
    });
  });
});
