/** Shell commands for each of the four ways, to be pasted as they stand: once by `wsk`, once by `curl`. */

import { PACKAGE } from './names';
import { WAYS, type Way } from './ways';

/** Commands for one way; each is one paste and leaves `vN.pdf`. `setup` of the outputs comes first, once per shell. */
export interface Commands {
  readonly wsk: string;
  readonly curl: string;
}

/** Where a deployed stack is reached. */
export interface Places {
  /** URL of the namespace in OpenWhisk's REST API. */
  readonly rest: string;
  readonly url: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly trigger: string;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly storage: string | undefined;
  /** Whether a new file fires the trigger by itself. */
  readonly events: boolean;
}

/** The commands of a stack. */
export function commandsFor(at: Places): Record<Way, Commands> {
  const gcs = gcsCommands(at.storage);
  const image = '{"image":"%s"}';
  const base64 = `"$(base64 < photo.jpg | tr -d '\\n')"`;
  const decode = (key: string) =>
    `python3 -c 'import base64,json,sys; sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)["${key}"]))'`;
  const upload = (way: string) => gcs.upload('photo.jpg', at.inBucket, `${way}.jpg`);
  const download = (way: string) => gcs.download(at.outBucket, `${way}.pdf`);
  // A fired trigger answers before its actions have run. By hand it may be fired for a file that has fired it by itself.
  const wait = `for i in $(seq 30); do sleep 1; ${download('v3')} 2>/dev/null && break; done; ls -l v3.pdf`;
  return {
    v0: {
      wsk: `printf '${image}' ${base64} > image.json && wsk action invoke ${WAYS.v0.action} --result --param-file image.json | ${decode('pdf')} > v0.pdf`,
      curl: `printf '${image}' ${base64} | curl -sSf -u "$AUTH" -H 'Content-Type: application/json' --data-binary @- "${at.rest}/actions/${WAYS.v0.action}?blocking=true&result=true" | ${decode('pdf')} > v0.pdf`,
    },
    v1: {
      wsk: `printf '{"__ow_body":"%s"}' ${base64} > body.json && wsk action invoke ${PACKAGE}/v1 --result --param-file body.json | ${decode('body')} > v1.pdf`,
      curl: `curl -sSf -H 'Content-Type: ${WAYS.v1.contentType}' --data-binary @photo.jpg ${at.url} -o v1.pdf`,
    },
    v2: {
      wsk: `${upload('v2')} && wsk action invoke ${PACKAGE}/v2 --result --param bucket ${at.inBucket} --param name v2.jpg && ${download('v2')}`,
      curl: `${upload('v2')} && curl -sSf --request ${WAYS.v2.method} --data 'bucket=${at.inBucket}&name=v2.jpg' ${at.url} && ${download('v2')}`,
    },
    v3: {
      wsk: `${upload('v3')} && wsk trigger fire ${at.trigger} --param bucket ${at.inBucket} --param name v3.jpg && ${wait}`,
      curl: at.events
        ? `${upload('v3')} && ${wait}`
        : `${upload('v3')} && curl -sSf -u "$AUTH" -H 'Content-Type: application/json' --data '{"bucket":"${at.inBucket}","name":"v3.jpg"}' "${at.rest}/triggers/${at.trigger}" && ${wait}`,
    },
  };
}

/** Shell commands that move an object; the emulator needs no login, the real storage has `gcloud`. */
interface GcsCommands {
  upload(file: string, bucket: string, object: string): string;
  download(bucket: string, object: string): string;
}

function gcsCommands(endpoint: string | undefined): GcsCommands {
  if (endpoint === undefined) {
    return {
      upload: (file, bucket, object) => `gcloud storage cp ${file} gs://${bucket}/${object}`,
      download: (bucket, object) => `gcloud storage cp gs://${bucket}/${object} .`,
    };
  }
  return {
    upload: (file, bucket, object) =>
      `curl -sSf -o /dev/null -H 'Content-Type: image/jpeg' --data-binary @${file} '${endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${object}'`,
    download: (bucket, object) => `curl -sSf -o ${object} '${endpoint}/storage/v1/b/${bucket}/o/${object}?alt=media'`,
  };
}
