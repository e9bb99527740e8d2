/** The stack's outputs: where everything is, and commands to paste into a shell for each of the four ways. */
import * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from './config';
import type { PdfMagic } from './pdfmagic';
import type { Platform } from './platform';
import type { Storage } from './storage';

/** Commands for one way; each is one paste and leaves `vN.pdf`. `setup` (see {@link Outputs}) comes first, once per shell. */
export interface Commands {
  readonly wsk: string;
  readonly curl: string;
}

/** What `pulumi stack output` shows; it holds no secret. */
export interface Outputs {
  readonly student: string;
  readonly apihost: string;
  readonly namespace: string;
  /** URL of each endpoint: v0 and the trigger want the key, v1 and v2 are public. */
  readonly endpoints: Readonly<Record<'v0' | 'v1' | 'v2' | 'v3', pulumi.Input<string>>>;
  readonly buckets: { readonly in: pulumi.Input<string>; readonly out: pulumi.Input<string> };
  /** URL of the Cloud Storage that holds the buckets. */
  readonly storage: string;
  readonly trigger: pulumi.Input<string>;
  readonly commands: pulumi.Input<Readonly<Record<'setup', string> & Record<'v0' | 'v1' | 'v2' | 'v3', Commands>>>;
}

const REAL_STORAGE = 'https://storage.googleapis.com';

/** Describes the deployed stack. */
export function describe(config: StackConfig, platform: Platform, storage: Storage, pdfmagic: PdfMagic): Outputs {
  const rest = `${platform.apihost}/api/v1/namespaces/_`;
  const { convertUrl, trigger } = pdfmagic;
  return {
    student: config.student,
    apihost: platform.apihost,
    namespace: platform.namespace,
    endpoints: {
      v0: `${rest}/actions/pdfmagic/v0?blocking=true&result=true`,
      v1: convertUrl,
      v2: convertUrl,
      v3: pulumi.interpolate`${rest}/triggers/${trigger}`,
    },
    buckets: { in: storage.inBucket, out: storage.outBucket },
    storage: storage.endpoint ?? REAL_STORAGE,
    trigger,
    commands: pulumi
      .all([convertUrl, storage.inBucket, storage.outBucket, trigger])
      .apply(([url, inBucket, outBucket, name]) => ({
        setup: platform.shellSetup,
        ...commands({ url, inBucket, outBucket, trigger: name, gcs: gcsCommands(storage.endpoint) }),
      })),
  };
}

interface Places {
  readonly url: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly trigger: string;
  readonly gcs: GcsCommands;
}

function commands(at: Places): Record<'v0' | 'v1' | 'v2' | 'v3', Commands> {
  const image = '{"image":"%s"}';
  const base64 = `"$(base64 < photo.jpg | tr -d '\\n')"`;
  const decode = (key: string) =>
    `python3 -c 'import base64,json,sys; sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)["${key}"]))'`;
  const upload = (way: string) => at.gcs.upload('photo.jpg', at.inBucket, `${way}.jpg`);
  const download = (way: string) => at.gcs.download(at.outBucket, `${way}.pdf`);
  // A fired trigger answers before its actions have run.
  const wait = `for i in $(seq 30); do sleep 1; ${download('v3')} 2>/dev/null && break; done; ls -l v3.pdf`;
  return {
    v0: {
      wsk: `printf '${image}' ${base64} > image.json && wsk action invoke pdfmagic/v0 --result --param-file image.json | ${decode('pdf')} > v0.pdf`,
      curl: `printf '${image}' ${base64} | curl -sSf -u "$AUTH" -H 'Content-Type: application/json' --data-binary @- "$APIHOST/api/v1/namespaces/_/actions/pdfmagic/v0?blocking=true&result=true" | ${decode('pdf')} > v0.pdf`,
    },
    v1: {
      wsk: `printf '{"__ow_body":"%s"}' ${base64} > body.json && wsk action invoke pdfmagic/v1 --result --param-file body.json | ${decode('body')} > v1.pdf`,
      curl: `curl -sSf -H 'Content-Type: image/jpeg' --data-binary @photo.jpg ${at.url} -o v1.pdf`,
    },
    v2: {
      wsk: `${upload('v2')} && wsk action invoke pdfmagic/v2 --result --param bucket ${at.inBucket} --param name v2.jpg && ${download('v2')}`,
      curl: `${upload('v2')} && curl -sSf --request PUT --data 'bucket=${at.inBucket}&name=v2.jpg' ${at.url} && ${download('v2')}`,
    },
    v3: {
      wsk: `${upload('v3')} && wsk trigger fire ${at.trigger} --param bucket ${at.inBucket} --param name v3.jpg && ${wait}`,
      curl: `${upload('v3')} && curl -sSf -u "$AUTH" -H 'Content-Type: application/json' --data '{"bucket":"${at.inBucket}","name":"v3.jpg"}' "$APIHOST/api/v1/namespaces/_/triggers/${at.trigger}" && ${wait}`,
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
