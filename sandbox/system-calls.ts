/**
 * System calls that no sandbox needs, by their numbers on x86_64 and aarch64 (the kernel's tables; `undefined` where an
 * architecture has none). What is refused follows Docker's default profile
 * (https://docs.docker.com/engine/security/seccomp/), and goes on where the sandboxes' own bounds could be left otherwise:
 * memory that no process is seen to hold, and namespaces in which a guest has capabilities again.
 */

/** Numbers on x86_64 and on aarch64. */
export type Numbers = readonly [x64: number | undefined, arm64: number | undefined];

/** The first number that was not assigned when this was written (Linux 6.14): what is newer is unknown here. */
export const FIRST_UNKNOWN = 467;

/** Answered as if the kernel had none of them, so that libraries take another way. */
export const MISSING: Readonly<Record<string, Numbers>> = {
  // glibc goes back to clone(2), whose flags a filter can read; those of clone3 are behind a pointer.
  clone3: [435, 435],
  // Memory in no process's address space: as files in flight between two sockets it is held by nobody.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  // Memory, queues and semaphores of System V, and queues of POSIX, outlive whoever made them.
  mq_open: [240, 180],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  semget: [64, 190],
  semop: [65, 193],
  semtimedop: [220, 192],
  semctl: [66, 191],
  // Does other system calls' work, past any filter.
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
};

/** Answered with "operation not permitted". */
export const FORBIDDEN: Readonly<Record<string, Numbers>> = {
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  // Keyrings have no namespace.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // Large parts of the kernel.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  lookup_dcookie: [212, 18],
  // Which memory of the machine is whose.
  mbind: [237, 235],
  get_mempolicy: [239, 236],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  // The machine.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  syslog: [103, 116],
  vhangup: [153, 58],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  uselib: [134, undefined],
  ustat: [136, undefined],
  sysfs: [139, undefined],
  sysctl: [156, undefined],
  nfsservctl: [180, 42],
};

/** Those whose arguments are looked at. */
export const EXAMINED = {
  clone: [56, 220],
  ioctl: [16, 29],
  socket: [41, 198],
  socketpair: [53, 199],
} satisfies Record<string, Numbers>;
