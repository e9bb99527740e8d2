/**
 * The filter for system calls of every sandbox, as the kernel takes it: a program of classic BPF over `struct seccomp_data`
 * (seccomp(2); https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html).
 */
import { EXAMINED, FIRST_UNKNOWN, FORBIDDEN, MISSING, type Numbers } from './system-calls';

/** What a filter is made for. */
export interface FilterOptions {
  /** As Node.js names it. */
  readonly architecture: string;
  /** Whether sockets of the family AF_UNIX may be made; pairs of them always may. */
  readonly unixSockets: boolean;
}

/** AUDIT_ARCH_* of linux/audit.h, and the column of the tables. */
const ARCHITECTURES: Readonly<Record<string, readonly [audit: number, column: 0 | 1]>> = {
  x64: [0xc000003e, 0],
  arm64: [0xc00000b7, 1],
};

const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
/** CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID and _NEWNET. */
const NEW_NAMESPACE = 0x7e020000;
/** Puts characters into a terminal's input, and the console's. */
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];
const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
const NETLINK_ROUTE = 0;
/** The bit that SOCK_DGRAM and SOCK_RAW have, and neither SOCK_STREAM nor SOCK_SEQPACKET: those send to any name. */
const DATAGRAM = 2;

/** One instruction: code, jumps when true and when false, operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const number = load(0);
const architecture = load(4);
/** The lower half of an argument, which is all that the kernel reads of those looked at here. */
const argument = (index: number) => load(16 + 8 * index);
const whenEqual = (value: number, yes: number, no: number): Instruction => [0x15, yes, no, value];
const whenAtLeast = (value: number, yes: number, no: number): Instruction => [0x35, yes, no, value];
const whenAnyBit = (bits: number, yes: number, no: number): Instruction => [0x45, yes, no, bits];
const ALLOW: Instruction = [0x06, 0, 0, 0x7fff0000];
const fail = (error: number): Instruction => [0x06, 0, 0, 0x00050000 | error];

/**
 * The program, eight bytes an instruction; undefined for an architecture that it has no numbers of.
 * Calls of another architecture (32-bit, x32) and such as are newer than the tables do not exist.
 */
export function buildSystemCallFilter({ architecture: name, unixSockets }: FilterOptions): Buffer | undefined {
  const known = ARCHITECTURES[name];
  if (known === undefined) return undefined;
  const [audit, column] = known;
  const program: Instruction[] = [
    ...[architecture, whenEqual(audit, 1, 0), fail(ENOSYS)],
    // The numbers of x32 have bit 30.
    ...[number, whenAtLeast(FIRST_UNKNOWN, 0, 1), fail(ENOSYS)],
    ...refuseCalls(MISSING, column, ENOSYS),
    ...refuseCalls(FORBIDDEN, column, EPERM),
    ...examineCall(EXAMINED.clone[column], [argument(0), whenAnyBit(NEW_NAMESPACE, 0, 1), fail(EPERM), ALLOW]),
    ...examineCall(EXAMINED.ioctl[column], [
      ...[argument(1), whenEqual(TIOCSTI, 1, 0), whenEqual(TIOCLINUX, 0, 1), fail(EPERM), ALLOW],
    ]),
    ...examineCall(EXAMINED.socket[column], allowFamilies(unixSockets)),
    ...(unixSockets
      ? []
      : examineCall(EXAMINED.socketpair[column], [argument(1), whenAnyBit(DATAGRAM, 0, 1), fail(EAFNOSUPPORT), ALLOW])),
    ALLOW,
  ];
  const bytes = Buffer.alloc(8 * program.length);
  for (const [at, [code, yes, no, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * at);
    bytes.writeUInt8(yes, 8 * at + 2);
    bytes.writeUInt8(no, 8 * at + 3);
    bytes.writeUInt32LE(operand, 8 * at + 4);
  }
  return bytes;
}

function refuseCalls(calls: Readonly<Record<string, Numbers>>, column: 0 | 1, error: number): Instruction[] {
  const numbers = Object.values(calls).map((both) => both[column]);
  return numbers.filter((one) => one !== undefined).flatMap((one) => [whenEqual(one, 0, 1), fail(error)]);
}

/** What comes after has the call's number still loaded, since each branch of `steps` ends. */
function examineCall(call: number, steps: readonly Instruction[]): Instruction[] {
  return [whenEqual(call, 0, steps.length), ...steps];
}

/** The internet, and of netlink what getaddrinfo(3) and getifaddrs(3) ask. */
function allowFamilies(unixSockets: boolean): Instruction[] {
  const taken = [AF_INET, AF_INET6, ...(unixSockets ? [AF_UNIX] : [])];
  return [
    argument(0),
    ...taken.flatMap((family) => [whenEqual(family, 0, 1), ALLOW]),
    ...[whenEqual(AF_NETLINK, 0, 3), argument(2), whenEqual(NETLINK_ROUTE, 0, 1), ALLOW],
    fail(EAFNOSUPPORT),
  ];
}
