"""What an action may try from inside its sandbox, a function each: it tells the name of the error, or what it got.

One sandbox makes them one after the other: what is refused changes nothing for the next.
"""

import ctypes
import errno
import mmap
import multiprocessing
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
BUFFER = ctypes.create_string_buffer(4096)


def main(args):
    return globals()[args["attempt"]](args)


def call(x86, arm, *arguments):
    """A system call by its number on x86_64 and on aarch64."""
    result = LIBC.syscall(
        ctypes.c_long(x86 if X86 else arm), *[ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    )
    return {"got": result if result >= 0 else errno.errorcode[ctypes.get_errno()]}


def caught(function):
    try:
        return {"got": function()}
    except OSError as error:
        return {"got": errno.errorcode[error.errno]}


def unshare_user(args):
    return call(272, 97, 0x10000000)


def clone_new_user(args):
    return call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)


def clone3(args):
    return call(435, 435, BUFFER, 88)


def mount_tmpfs(args):
    return call(165, 40, b"x", b"/tmp", b"tmpfs", 0, 0)


def open_tree(args):
    return call(428, 428, -100, b"/tmp", 1)


def fsopen(args):
    return call(430, 430, b"tmpfs", 0)


def setns(args):
    return call(308, 268, os.open("/proc/self/ns/user", os.O_RDONLY), 0)


def pivot_root(args):
    return call(155, 41, b"/tmp", b"/tmp")


def keyctl_read_session(args):
    return call(250, 219, 11, -3, BUFFER, 4096)


def add_key(args):
    return call(248, 217, b"user", b"name", b"secret", 6, -4)


def request_key(args):
    return call(249, 218, b"user", b"name", 0, 0)


def bpf(args):
    return call(321, 280, 0, BUFFER, 72)


def perf_event_open(args):
    return call(298, 241, BUFFER, 0, -1, -1, 0)


def userfaultfd(args):
    return call(323, 282, 1)


def io_uring_setup(args):
    return call(425, 425, 8, BUFFER)


def shmget(args):
    return call(29, 194, 0, 1 << 20, 0o1600)


def msgget(args):
    return call(68, 186, 0, 0o1600)


def semget(args):
    return call(64, 190, 0, 1, 0o1600)


def mq_open(args):
    return call(240, 180, b"name", 0o102, 0o600, 0)


def memfd_create(args):
    return call(319, 279, b"x", 0)


def memfd_secret(args):
    return call(447, 447, 0)


def kexec_load(args):
    return call(246, 104, 0, 0, 0, 0)


def init_module(args):
    return call(175, 105, BUFFER, 8, b"")


def ptrace_parent(args):
    return call(101, 117, 16, os.getppid(), 0, 0)


def unknown_call(args):
    return call(1000, 1000)


def x32(args):
    return call(0x40000000 | 39, 0x40000000 | 172)


def thirty_two_bits(args):
    """getpid of 32 bits: mov eax, 20; int 0x80; ret."""
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return {"got": result if result >= 0 else errno.errorcode[-result]}


def packet_socket(args):
    return caught(lambda: socket.socket(17, socket.SOCK_RAW, 0).fileno())


def vsock_socket(args):
    return caught(lambda: socket.socket(40, socket.SOCK_STREAM).fileno())


def alg_socket(args):
    return caught(lambda: socket.socket(38, socket.SOCK_SEQPACKET).fileno())


def diagnostic_netlink(args):
    return caught(lambda: socket.socket(16, socket.SOCK_RAW, 4).fileno())


def push_into_terminal(args):
    return call(16, 29, 0, 0x5412, b"x")


def set_clock(args):
    return call(227, 112, 0, BUFFER)


def make_device(args):
    return caught(lambda: os.mknod(tempfile.mkdtemp() + "/null", 0o20666, os.makedev(1, 3)))


def status(args):
    with open("/proc/self/status") as file:
        return {"got": file.read()}


def sudo(args):
    for program in ("/usr/bin/sudo", "/usr/bin/su"):
        if os.path.exists(program):
            return {
                "got": subprocess.run([program, "-c", "true"], stdin=subprocess.DEVNULL, capture_output=True).returncode
            }
    return {"got": 1}


def threads(args):
    seen = []
    all = [threading.Thread(target=seen.append, args=(n,)) for n in range(8)]
    for thread in all:
        thread.start()
    for thread in all:
        thread.join()
    return {"got": sum(seen)}


def square(number):
    return number * number


def pools(args):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return {"got": pool.map(square, [1, 2, 3])}


def manager(args):
    """A server process behind a Unix socket with a path."""
    with multiprocessing.get_context("fork").Manager() as server:
        shared = server.list()
        shared.append(1)
        return {"got": list(shared)}


def own_sockets(args):
    left, right = socket.socketpair()
    left.send(b"heard")
    subprocess.run([sys.executable, "-c", "import socket"], check=True)
    return {"got": right.recv(5).decode()}


def interfaces(args):
    return {"got": [name for _, name in socket.if_nameindex()]}


def abstract_stream(args):
    return caught(lambda: socket.socket(socket.AF_UNIX).connect("\0" + args["name"]) or "reached")


def abstract_datagram(args):
    return caught(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", "\0" + args["name"] + "-d"))


def abstract_from_pair(args):
    """A socket that no call of socket(2) made."""
    return caught(
        lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\0" + args["name"] + "-d")
    )


def platform_memory(args):
    return caught(lambda: open("/proc/%s/mem" % args["pid"], "rb").read(0) or "open")


def platform_variables(args):
    return caught(lambda: open("/proc/%s/environ" % args["pid"], "rb").read(1).decode())


def platform_files(args):
    return caught(lambda: os.readlink("/proc/%s/fd/0" % args["pid"]))


def platform_signal(args):
    return caught(lambda: os.kill(int(args["pid"]), 0) or "signalled")


def listed_keys(args):
    return caught(lambda: open("/proc/keys").read())


def seen(args):
    files = ["/etc/passwd", "/etc/shadow", "/var/run/docker.sock", "/run", "/var", "/root", "/home", "/sys", "/boot"]
    return {"got": [file for file in files if os.path.exists(file)]}


def control_group(args):
    with open("/proc/self/cgroup") as file:
        return {"got": file.read()}
