import { describe, expect, it } from 'vitest';
import { inBothKinds, inKind } from './harness';

const EXHAUSTED = { error: 'The action exhausted its memory and was aborted.' };

/** Ways to hold memory that is in no process's own; each goes on to 400 MB and more. */
const HOARDS = {
  'in the buffers of Unix sockets': `
    kept = []
    for n in range(490):
        pair = socket.socketpair()
        kept.append(pair)
        for one in pair:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            fill(one)`,
  'in the buffers of connections': `
    server = socket.create_server(("127.0.0.1", 0))
    kept = []
    for n in range(200):
        one = socket.create_connection(server.getsockname())
        two = server.accept()[0]
        kept += [one, two]
        fill(one)
        fill(two)`,
  'in the buffers of connections that nobody accepts': `
    server = socket.create_server(("127.0.0.1", 0), backlog=1024)
    kept = []
    for n in range(300):
        one = socket.create_connection(server.getsockname())
        kept.append(one)
        fill(one)`,
  'in page tables': `
    kept = mmap.mmap(-1, 256 << 30, flags=0x4022, prot=mmap.PROT_READ)
    for at in range(0, len(kept), 2 << 20):
        kept[at]`,
} as const;

const around = (body: string) => `import errno, mmap, os, socket, time
def fill(one):
    one.setblocking(False)
    try:
        while True:
            one.send(bytes(1 << 16))
    except BlockingIOError:
        pass
def main(args):${body}
    time.sleep(10)
    return {"held": True}
`;

describe.skipIf(process.platform !== 'linux')('memory that is in no process', () => {
  inBothKinds((bench) => {
    for (const [where, body] of Object.entries(HOARDS)) {
      it(`counts: ${where}`, async () => {
        const outcome = await bench.python(around(body), { limits: { memory: 128, timeout: 40_000 } });
        expect(outcome).toMatchObject({ statusCode: 2, result: EXHAUSTED });
      });
    }

    it('does not count that is not there: an ordinary number of sockets', async () => {
      const body = `
    server = socket.create_server(("127.0.0.1", 0))
    kept = [socket.create_connection(server.getsockname()) for n in range(60)]
    pairs = [socket.socketpair() for n in range(25)]
    time.sleep(1)
    return {"fine": True}`;
      expect((await bench.python(around(body), { limits: { memory: 128 } })).result).toEqual({ fine: true });
    });
  });

  inKind('bubblewrap', (bench) => {
    for (const folder of ['/tmp', '/dev/shm']) {
      it(`counts: empty files in ${folder}, by the hundred thousand`, async () => {
        const body = `
    for n in range(3_000_000):
        open("${folder}/%d" % n, "w").close()`;
        const outcome = await bench.python(around(body), { limits: { memory: 128, timeout: 50_000 } });
        expect(outcome).toMatchObject({ statusCode: 2, result: EXHAUSTED });
      });
    }

    it('does not count that is bounded by itself: what files in /tmp hold', async () => {
      const body = `
    with open("/tmp/large", "wb") as file:
        for n in range(300):
            file.write(bytes(1 << 20))
    time.sleep(1)
    return {"fine": True}`;
      expect((await bench.python(around(body), { limits: { memory: 128 } })).result).toEqual({ fine: true });
    });
  });
});
