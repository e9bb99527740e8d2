/** What an action tries from inside its sandbox (`attempts.py`), and what becomes of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Invoker } from '../../platform/invoker/contract';
import { invocation } from './harness-invocation';

const CODE = readFileSync(path.join(__dirname, 'attempts.py'), 'utf8');

/** Attempts by the names of their functions, and the error with which each is refused. */
export const REFUSED: Readonly<Record<string, string>> = {
  unshare_user: 'EPERM',
  clone_new_user: 'EPERM',
  clone3: 'ENOSYS',
  mount_tmpfs: 'EPERM',
  open_tree: 'EPERM',
  fsopen: 'EPERM',
  setns: 'EPERM',
  pivot_root: 'EPERM',
  keyctl_read_session: 'EPERM',
  add_key: 'EPERM',
  request_key: 'EPERM',
  bpf: 'EPERM',
  perf_event_open: 'EPERM',
  userfaultfd: 'EPERM',
  io_uring_setup: 'ENOSYS',
  shmget: 'ENOSYS',
  msgget: 'ENOSYS',
  semget: 'ENOSYS',
  mq_open: 'ENOSYS',
  memfd_create: 'ENOSYS',
  memfd_secret: 'ENOSYS',
  kexec_load: 'EPERM',
  init_module: 'EPERM',
  ptrace_parent: 'EPERM',
  unknown_call: 'ENOSYS',
  packet_socket: 'EAFNOSUPPORT',
  vsock_socket: 'EAFNOSUPPORT',
  alg_socket: 'EAFNOSUPPORT',
  diagnostic_netlink: 'EAFNOSUPPORT',
  push_into_terminal: 'EPERM',
  set_clock: 'EPERM',
  make_device: 'EPERM',
};

/** Attempts on the platform's own process, given its `pid`. */
export const ON_PLATFORM = ['platform_memory', 'platform_variables', 'platform_files', 'platform_signal'];

/** What an attempt came to: the name of an error, or what it got. */
export async function attempt(
  invoker: Invoker,
  name: string,
  parameters: Record<string, string> = {},
): Promise<unknown> {
  const kind = invoker.runtimes.find(({ family }) => family === 'python')?.kind ?? '';
  const action = { name: '/guest/attempts', kind, limits: { memory: 512 } };
  const { result } = await invoker.run(invocation(CODE, { parameters: { ...parameters, attempt: name }, ...action }));
  return JSON.parse(JSON.stringify(result)).got ?? JSON.stringify(result);
}
