import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bench, inBothKinds } from './harness';

/** The system's own ImageMagick; what is first on PATH may be something else. */
const CONVERT = '/usr/bin/convert';
const problem = existsSync(CONVERT) ? undefined : 'ImageMagick is not installed';

interface Result {
  readonly status: number;
  readonly errors: string;
  /** First bytes of the output file; empty when there is none. */
  readonly head: string;
  readonly seconds: number;
  /** Most memory that convert had resident, in MiB. */
  readonly peak: number;
}

/** A JPEG of one pixel: by this policy ImageMagick could not make one out of nothing. */
const JPEG =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=';

const CODE = `import base64, os, resource, subprocess, tempfile, time
def main(args):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("in.jpg", "wb") as file:
            file.write(base64.b64decode(args["jpeg"]))
        for name, text in args.get("files", {}).items():
            with open(name, "w") as file:
                file.write(text)
        began = time.monotonic()
        done = subprocess.run(["${CONVERT}", *args["arguments"]], capture_output=True, text=True)
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        head = open("out", "rb").read(8).decode("latin-1") if os.path.exists("out") else ""
        if done.stdout:
            head = done.stdout
        return {"status": done.returncode, "errors": done.stderr, "head": head, "seconds": seconds, "peak": peak}
`;

async function convert(
  bench: Bench,
  args: readonly string[],
  extra: { files?: Record<string, string>; image?: boolean; jpeg?: string } = {},
): Promise<Result> {
  const { files = {}, image = true, jpeg = JPEG } = extra;
  const runtime = image ? { image: bench.invoker.images[0] ?? '' } : { kind: bench.kindOf('python') };
  const parameters = { arguments: [...args], files, jpeg };
  // One sandbox makes them all, each in a folder of its own.
  const { result } = await bench.run(CODE, { name: image ? '/guest/image' : '/guest/plain', parameters, ...runtime });
  return JSON.parse(JSON.stringify(result));
}

describe.skipIf(problem)('the ImageMagick policy of the runtime image', () => {
  inBothKinds((bench, kind) => {
    it('lets a JPEG become a PDF', async () => {
      expect(await convert(bench, ['jpeg:in.jpg', 'pdf:out'])).toMatchObject({
        status: 0,
        errors: '',
        head: '%PDF-1.3',
      });
    });

    it('reads nothing but JPEG', async () => {
      const files = {
        'a.ps': '%!PS-Adobe-3.0\nshowpage\n',
        'a.eps': '%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n',
        'a.xps': 'PK',
        'a.pdf': '%PDF-1.4\n',
        'a.mvg': 'viewbox 0 0 9 9\nfill red\nrectangle 0,0 9,9\n',
        'a.msl': '<?xml version="1.0"?><image><read filename="in.jpg"/><write filename="written"/></image>',
        'a.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        'a.ppm': 'P3 1 1 255 1 2 3\n',
        'a.txt': 'text',
        list: 'in.jpg',
      };
      for (const source of [
        ...['ps:a.ps', 'eps:a.eps', 'xps:a.xps', 'pdf:a.pdf', 'mvg:a.mvg', 'msl:a.msl', 'svg:a.svg', 'ppm:a.ppm'],
        ...['a.ps', 'a.eps', 'a.pdf', 'a.mvg', 'a.msl', 'a.svg', 'a.ppm', 'text:a.txt', 'txt:a.txt', '@list'],
        ...['url:http://127.0.0.1:9/', 'http://127.0.0.1:9/', 'https://127.0.0.1:9/', 'ftp://127.0.0.1:9/'],
        ...[
          'label:hello',
          'label:@a.txt',
          'caption:@a.txt',
          'pango:hello',
          'xc:red',
          'gradient:',
          'plasma:',
          '|/bin/ls',
        ],
      ]) {
        const { status, head } = await convert(bench, [source, 'pdf:out'], { files });
        expect({ source, failed: status !== 0, head }).toEqual({ source, failed: true, head: '' });
      }
    });

    it('goes by what a file is, not by its name: a script named .jpg is no JPEG', async () => {
      const files = { 'evil.jpg': 'push graphic-context\nimage over 0,0 0,0 "https://127.0.0.1:9/|ls"\n' };
      for (const source of ['evil.jpg', 'jpeg:evil.jpg']) {
        expect((await convert(bench, [source, 'pdf:out'], { files })).status).not.toBe(0);
      }
    });

    it('writes nothing but PDF, and the JPEG that is within it', async () => {
      for (const format of [
        'ps',
        'ps2',
        'ps3',
        'eps',
        'png',
        'gif',
        'svg',
        'mvg',
        'txt',
        'info',
        'json',
        'xps',
        'pdfa',
      ]) {
        const { status, errors, head } = await convert(bench, ['jpeg:in.jpg', `${format}:out`]);
        expect({ format, failed: status !== 0, head }).toEqual({ format, failed: true, head: '' });
        expect(errors).toMatch(/not allowed by the security policy|no encode delegate/);
      }
    });

    it('bounds memory, disk, size, time, and threads to one', async () => {
      const { head } = await convert(bench, ['-list', 'resource']);
      const bounds = {
        Memory: '128MiB',
        Map: '0B',
        Disk: '880MiB',
        Thread: '1',
        Time: '120',
        // For plain processes the system's own policy counts, too, where it is tighter: Debian's is.
        Width: kind === 'bubblewrap' ? '65.5KP' : '(65.5|16)KP',
        Height: kind === 'bubblewrap' ? '65.5KP' : '(65.5|16)KP',
      };
      for (const [name, value] of Object.entries(bounds))
        expect(head).toMatch(new RegExp(`^\\s*${name}: ${value}`, 'm'));
    });

    it('refuses a picture that is too wide, too high or too large, before it takes the memory', async () => {
      for (const geometry of ['65520x1', '1x65520', '12000x12000']) {
        const { status, errors, peak } = await convert(bench, ['jpeg:in.jpg', '-scale', `${geometry}!`, 'pdf:out']);
        expect(status, geometry).not.toBe(0);
        expect(errors).toMatch(/exceeds limit|cache resources exhausted/);
        expect(peak).toBeLessThan(160);
      }
    });

    it('leaves the host’s own policy in force for a plain Python action', async () => {
      const { head } = await convert(bench, ['-list', 'policy'], { image: false });
      expect(head).not.toContain('{JPEG,JPG}');
    });

    describe('for large photographs', () => {
      let large = '';
      beforeAll(async () => {
        const code = `import base64, subprocess
def main(args):
    source = base64.b64decode(args["jpeg"])
    scale = ["-scale", "6000x4000!", "-quality", "50"]
    done = subprocess.run(["${CONVERT}", "jpeg:-", *scale, "jpeg:-"], input=source, capture_output=True, check=True)
    return {"jpeg": base64.b64encode(done.stdout).decode()}
`;
        const outcome = await bench.run(code, { kind: bench.kindOf('python'), parameters: { jpeg: JPEG } });
        large = JSON.parse(JSON.stringify(outcome.result)).jpeg;
      });

      it('converts 24 megapixels within a sandbox of 256 MB', async () => {
        const result = await convert(bench, ['jpeg:in.jpg', 'pdf:out'], { jpeg: large });
        expect(result).toMatchObject({ status: 0, errors: '', head: '%PDF-1.3' });
        expect(result.peak).toBeLessThan(160);
      });
    });

    it(`is found ${kind === 'process' ? 'through XDG_CONFIG_HOME' : 'where the system’s own was'}`, async () => {
      const { head } = await convert(bench, ['-list', 'policy']);
      expect(head).toContain('{JPEG,JPG}');
      const ours = readFileSync(path.join(__dirname, '..', '..', 'runtime', 'policy.xml'), 'utf8').match(
        /<policy domain="coder"/g,
      )?.length;
      if (kind === 'bubblewrap') expect(head.match(/Policy: Coder/g)?.length).toBe(ours);
    });
  });
});
