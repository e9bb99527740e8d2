import { describe, expect, it } from 'vitest';
import { buildSystemCallFilter } from '../../sandbox/seccomp';

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
type Architecture = keyof typeof AUDIT;
const [ALLOWED, EPERM, ENOSYS, EAFNOSUPPORT] = ['allowed', 1, 38, 97] as const;

/** Runs a filter as the kernel would (classic BPF, only what filters for system calls may use). */
function judge(filter: Buffer, audit: number, call: number, ...args: number[]): number | 'allowed' {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call >>> 0, 0);
  data.writeUInt32LE(audit, 4);
  for (const [at, value] of args.entries()) data.writeBigUInt64LE(BigInt(value), 16 + 8 * at);
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at++) {
    const [code, yes, no] = [filter.readUInt16LE(8 * at), filter.readUInt8(8 * at + 2), filter.readUInt8(8 * at + 3)];
    const operand = filter.readUInt32LE(8 * at + 4);
    const jump = (isTrue: boolean) => {
      at += isTrue ? yes : no;
    };
    if (code === 0x20) accumulator = data.readUInt32LE(operand);
    else if (code === 0x15) jump(accumulator === operand);
    else if (code === 0x35) jump(accumulator >= operand);
    else if (code === 0x45) jump((accumulator & operand) !== 0);
    else if (code === 0x06) return operand === 0x7fff0000 ? ALLOWED : operand & 0xffff;
    else throw new Error(`Instruction ${at} has code ${code}.`);
  }
  throw new Error('The filter does not end.');
}

function filterOf(architecture: Architecture, unixSockets = true): Buffer {
  return buildSystemCallFilter({ architecture, unixSockets }) ?? Buffer.alloc(0);
}

/** Numbers of the kernel's tables, written down apart from the program's own. */
const CALLS = {
  x64: { read: 0, clone: 56, execve: 59, socket: 41, socketpair: 53, ioctl: 16, unshare: 272, mount: 165, ptrace: 101 },
  arm64: {
    read: 63,
    clone: 220,
    execve: 221,
    socket: 198,
    socketpair: 199,
    ioctl: 29,
    unshare: 97,
    mount: 40,
    ptrace: 117,
  },
} as const;

describe('the filter for system calls', () => {
  for (const architecture of ['x64', 'arm64'] as const) {
    const at = CALLS[architecture];
    const of = (call: number, ...args: number[]) => judge(filterOf(architecture), AUDIT[architecture], call, ...args);

    it(`of ${architecture} lets programs run, and refuses what no sandbox needs`, () => {
      for (const call of [at.read, at.execve]) expect(of(call)).toBe(ALLOWED);
      for (const call of [at.unshare, at.mount, at.ptrace, 428, 442]) expect(of(call)).toBe(EPERM);
      for (const call of [425, 435, 447, 467, 1000]) expect(of(call)).toBe(ENOSYS);
    });

    it(`of ${architecture} lets processes and threads be made, but no namespace, whatever else is asked`, () => {
      const [fork, thread] = [0x01200011, 0x003d0f00];
      expect([of(at.clone, fork), of(at.clone, thread)]).toEqual([ALLOWED, ALLOWED]);
      for (let bit = 0; bit < 32; bit++) {
        const isNamespace = [17, 25, 26, 27, 28, 29, 30].includes(bit);
        expect(of(at.clone, 2 ** bit), `bit ${bit}`).toBe(isNamespace ? EPERM : ALLOWED);
      }
    });

    it(`of ${architecture} lets sockets of the internet and Unix sockets be made, and no others`, () => {
      for (let family = 0; family < 64; family++) {
        const expected = [1, 2, 10, 16].includes(family) ? ALLOWED : EAFNOSUPPORT;
        expect(of(at.socket, family, 1, 0), `family ${family}`).toBe(expected);
      }
      expect(of(at.socket, 16, 3, 4)).toBe(EAFNOSUPPORT);
    });

    it(`of ${architecture} refuses to put characters into a terminal’s input`, () => {
      expect([of(at.ioctl, 0, 0x5401), of(at.ioctl, 0, 0x5412), of(at.ioctl, 0, 0x541c)]).toEqual([
        ALLOWED,
        EPERM,
        EPERM,
      ]);
    });

    it(`of ${architecture} refuses all Unix sockets that could name one outside, where the kernel cannot keep them in`, () => {
      const [CLOEXEC, NONBLOCK] = [0x80000, 0x800];
      const strict = (call: number, ...args: number[]) =>
        judge(filterOf(architecture, false), AUDIT[architecture], call, ...args);
      expect(strict(at.socket, 1, 1, 0)).toBe(EAFNOSUPPORT);
      expect(strict(at.socket, 2, 1, 0)).toBe(ALLOWED);
      for (const kind of [1, 5]) expect(strict(at.socketpair, 1, kind | CLOEXEC | NONBLOCK)).toBe(ALLOWED);
      for (const kind of [2, 3]) expect(strict(at.socketpair, 1, kind | CLOEXEC)).toBe(EAFNOSUPPORT);
    });
  }

  it('refuses system calls of another architecture, and of x32', () => {
    expect(judge(filterOf('x64'), 0x40000003, 20)).toBe(ENOSYS);
    expect(judge(filterOf('arm64'), 0x40000028, 20)).toBe(ENOSYS);
    expect(judge(filterOf('x64'), AUDIT.x64, 0x40000000)).toBe(ENOSYS);
  });

  it('is not made up for an architecture whose numbers are not known', () => {
    expect(buildSystemCallFilter({ architecture: 'riscv64', unixSockets: true })).toBeUndefined();
  });
});
