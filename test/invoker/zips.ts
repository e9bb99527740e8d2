/** Zips for tests, hostile ones too: made by Python's zipfile, which writes whatever name it is given. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Contents by name; `link` is the target of a symbolic link, `repeat` times the text make a large file. */
export type Contents = Readonly<Record<string, string | { readonly link: string } | { readonly repeat: number }>>;

const SCRIPT = `
import io, json, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
    for name, value in json.load(sys.stdin).items():
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o100644 << 16
        if isinstance(value, dict) and "link" in value:
            info.external_attr = 0o120777 << 16
            value = value["link"]
        elif isinstance(value, dict):
            value = b"0" * value["repeat"]
        target.writestr(info, value, compresslevel=1)
sys.stdout.buffer.write(out.getvalue())
`;

/** Those that were made, by a digest of their contents: both kinds of sandbox are tested with the same. */
const made = new Map<string, string>();

/** The base64 of a zip. */
export function zipOf(contents: Contents): string {
  const input = JSON.stringify(contents);
  const key = createHash('sha256').update(input).digest('hex');
  const zip = made.get(key) ?? makeZip(input);
  made.set(key, zip);
  return zip;
}

function makeZip(input: string): string {
  const maxBuffer = 64 * 1024 * 1024;
  const { status, stdout, stderr } = spawnSync('/usr/bin/env', ['python3', '-c', SCRIPT], { input, maxBuffer });
  if (status !== 0) throw new Error(`No zip could be made: ${stderr}`);
  return stdout.toString('base64');
}
