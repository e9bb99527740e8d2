/** Shell commands for each way, to be pasted as they stand: once by `wsk`, once by `curl`. */

import { PACKAGE, pdfName, TRIGGER } from './names';
import { mapWays, matchInput, WAYS, type Way } from './ways';

/**
 * Commands for one way; each is one paste and leaves `vN.pdf`, or an exit code and the reason. `setup` of the outputs comes
 * first, once per shell.
 */
export interface Commands {
  readonly wsk: string;
  readonly curl: string;
}

/** Where a deployed stack is reached. */
export interface Places {
  readonly inBucket: string;
  readonly outBucket: string;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly storage: string | undefined;
  /** Whether a new file fires the trigger by itself. */
  readonly events: boolean;
}

/** The commands of a stack. @param endpoints URLs of the ways that it has */
export function commandsFor<W extends Way>(endpoints: Readonly<Record<W, string>>, at: Places): Record<W, Commands> {
  const gcs = gcsCommands(at.storage);
  const image = '{"image":"%s"}';
  const base64 = `"$(base64 < photo.jpg | tr -d '\\n')"`;
  const json = "-H 'Content-Type: application/json'";
  const convert = (way: Way, ...call: string[]) => {
    const upload = gcs.upload('photo.jpg', at.inBucket, '$NAME.jpg', `${way}.part`);
    const download = gcs.download(at.outBucket, pdfName('$NAME.jpg'), `${way}.part`);
    return `${freshName(way)}; ${saveOrSay(way, [upload, `rm -f ${way}.part`, ...call, download].join(' && '))}`;
  };
  return mapWays(Object.keys(endpoints) as W[], (name) => {
    const url = endpoints[name];
    return matchInput<Commands>(name, {
      parameter: (way) => ({
        wsk: `printf '${image}' ${base64} > image.json && wsk action invoke ${PACKAGE}/${way} --result --param-file image.json | ${decode('pdf', way)}`,
        curl: `printf '${image}' ${base64} | ${CURL} -u "$AUTH" ${json} --data-binary @- "${url}" | ${decode('pdf', way)}`,
      }),
      body: (way) => ({
        wsk: `printf '{"__ow_body":"%s"}' ${base64} > body.json && wsk action invoke ${PACKAGE}/${way} --result --param-file body.json | ${decode('body', way)}`,
        curl: saveOrSay(
          way,
          `${CURL} -o ${way}.part -H 'Content-Type: ${WAYS[way].contentType}' --data-binary @photo.jpg ${url}`,
        ),
      }),
      bucket: (way) => ({
        wsk: convert(
          way,
          `wsk action invoke ${PACKAGE}/${way} --result --param bucket ${at.inBucket} --param name "$NAME.jpg"`,
        ),
        curl: convert(
          way,
          `${CURL} -o ${way}.part --request ${WAYS[way].method} --data "bucket=${at.inBucket}&name=$NAME.jpg" ${url}`,
          `cat ${way}.part && echo`,
        ),
      }),
      event: (way) => {
        const byWsk = `wsk trigger fire ${TRIGGER} --param bucket ${at.inBucket} --param name "$NAME.jpg"`;
        const byCurl = `${CURL} -o ${way}.part -u "$AUTH" ${json} --data '{"bucket":"${at.inBucket}","name":"'"$NAME"'.jpg"}' "${url}"`;
        return {
          wsk: awaitEvent(way, gcs, at, [byWsk]),
          curl: awaitEvent(way, gcs, at, at.events ? [] : [byCurl]),
        };
      },
    });
  });
}

/** An error of HTTP is one of the command, and its body says why. */
const CURL = 'curl -sS --fail-with-body';

/** What a command leaves in `WAY.part` becomes `WAY.pdf`; an error never does, but is shown. */
function saveOrSay(way: Way, command: string, say = ''): string {
  return `${command} && mv ${way}.part ${way}.pdf || { cat ${way}.part >&2 2> /dev/null; echo${say} >&2; rm -f ${way}.part; false; }`;
}

/** A name that nothing has yet: so each paste converts, and does not find the PDF of the last one. */
function freshName(way: Way): string {
  return `NAME=${way}-$(date +%s)$RANDOM`;
}

/** Writes the base64 below `key` of JSON from stdin as the PDF; anything else that came is the reason why there is none. */
function decode(key: string, way: Way): string {
  const program =
    's=sys.stdin.read(); r=json.loads(s) if s[:1]=="{" else {}; ' +
    `p=r.get("${key}"); isinstance(p,str) or sys.exit(p or r.get("error") or s); ` +
    `open("${way}.pdf","wb").write(base64.b64decode(p))`;
  return `python3 -c 'import base64,json,sys; ${program}'`;
}

/**
 * The PDF of an event: it is waited for, or for the record of a refusal. What is fired by hand may have been fired for the same
 * file by itself.
 */
function awaitEvent(way: Way, gcs: GcsCommands, { inBucket, outBucket }: Places, fire: readonly string[]): string {
  const part = `${way}.part`;
  const upload = gcs.upload('photo.jpg', inBucket, '$NAME.jpg', part);
  const pdf = gcs.download(outBucket, pdfName('$NAME.jpg'), part);
  const refusal = gcs.show(outBucket, '$NAME.jpg.error.json');
  const loop =
    `for i in $(seq 30); do sleep 1; ${pdf} 2> /dev/null && DONE=1 && break; ` +
    `${refusal} 2> /dev/null && rm -f ${part} && break; done`;
  const wait = [upload, `rm -f ${part}`, ...fire, loop].join(' && ');
  return `${freshName(way)}; DONE=; ${saveOrSay(way, `${wait}; [ "$DONE" ]`, ' "no PDF of $NAME.jpg"')} && ls -l ${way}.pdf`;
}

/** Shell commands that move an object; the emulator needs no login, the real storage has `gcloud`. `into` may hold an error. */
interface GcsCommands {
  upload(file: string, bucket: string, object: string, into: string): string;
  download(bucket: string, object: string, into: string): string;
  /** Prints it. */
  show(bucket: string, object: string): string;
}

function gcsCommands(endpoint: string | undefined): GcsCommands {
  if (endpoint === undefined) {
    return {
      upload: (file, bucket, object) => `gcloud storage cp ${file} "gs://${bucket}/${object}"`,
      download: (bucket, object, into) => `gcloud storage cp "gs://${bucket}/${object}" ${into}`,
      show: (bucket, object) => `gcloud storage cat "gs://${bucket}/${object}"`,
    };
  }
  const get = (bucket: string, object: string) => `"${endpoint}/storage/v1/b/${bucket}/o/${object}?alt=media"`;
  return {
    upload: (file, bucket, object, into) =>
      `${CURL} -o ${into} -H 'Content-Type: image/jpeg' --data-binary @${file} "${endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${object}"`,
    download: (bucket, object, into) => `${CURL} -o ${into} ${get(bucket, object)}`,
    show: (bucket, object) => `curl -sSf ${get(bucket, object)}`,
  };
}
