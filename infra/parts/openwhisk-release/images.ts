/** The images of the release: which, and by which name and digest the nodes get them. */
import { ImageDigests } from '@pdfmagic/cluster-waits';
import * as pulumi from '@pulumi/pulumi';

/** An image of Docker Hub. */
interface HubImage {
  readonly name: string;
  readonly tag: string;
  /** `sha256:...` of the tag, where a public source states both; looked up at the first `pulumi up` otherwise. */
  readonly digest?: string;
}

/**
 * What the chart (helm/openwhisk/values.yaml of version 1.0.1) runs when nothing is asked for that PDFMagic leaves out, by the chart's
 * own names. Sources of the digests: docker-library/repo-info and the logs of several pulls (nginx, redis, zookeeper, busybox), the log of
 * a pull (kafka), SREGym/SREGym (utility, apigw).
 */
export const IMAGES = {
  utility: {
    name: 'openwhisk/ow-utils',
    tag: 'ef725a6',
    digest: 'sha256:1c7a71d545cbea1cfb37e3f0e061207c0a78d50e80c4ebd9cace076351f4b4a5',
  },
  controller: { name: 'openwhisk/controller', tag: 'ef725a6' },
  invoker: { name: 'openwhisk/invoker', tag: 'ef725a6' },
  apigw: {
    name: 'openwhisk/apigateway',
    tag: '1.0.0',
    digest: 'sha256:df52384d7f9298874f96ef4c1006a01450cd37db4a4680e830bf9f231bd4ff00',
  },
  db: { name: 'apache/couchdb', tag: '2.3' },
  redis: {
    name: 'library/redis',
    tag: '4.0',
    digest: 'sha256:2e03fdd159f4a08d2165ca1c92adde438ae4e3e6b0f74322ce013a78ee81c88d',
  },
  zookeeper: {
    name: 'library/zookeeper',
    tag: '3.4',
    digest: 'sha256:3882d9493d387ba77b7b69e2a031b9396477ec29483d51ceaed645c1389182e5',
  },
  kafka: {
    name: 'wurstmeister/kafka',
    tag: '2.12-2.3.1',
    digest: 'sha256:0b22bb436ecde11e0db1ce84170b979ce7130e5f1b292b16eace548cd78d7d9e',
  },
  nginx: {
    name: 'library/nginx',
    tag: '1.21.1',
    digest: 'sha256:a05b0cdd4fc1be3b224ba9662ebdf98fe44c09c0c9215b45f84344c12867002e',
  },
  // The chart takes `latest`.
  busybox: {
    name: 'library/busybox',
    tag: '1.36.1',
    digest: 'sha256:73aaf090f3d85aa34ee199857f03fa3a95c8ede2ffd4cc2cdb5b94e566b11662',
  },
} as const satisfies Readonly<Record<string, HubImage>>;

/** A name of {@link IMAGES}. */
export type ImageName = keyof typeof IMAGES;
const NAMES = Object.keys(IMAGES) as readonly ImageName[];

/** An image as the nodes get it: `NAME:TAG`, with `@sha256:...` in the tag. */
export interface HeldImage {
  readonly name: string;
  readonly tag: string;
}

/** All images of a release, held to their digests. */
export interface ReleaseImages extends Readonly<Record<ImageName, HeldImage>> {
  /** What the Node.js actions run in, those of OpenWhisk itself among them. */
  readonly nodejs: HeldImage;
}

/** Where images come from. */
export interface ImageOrigin {
  /** `NAME:TAG` of the image of the Node.js actions. */
  readonly nodejs: string;
  /** Registry and folder that has what Docker Hub has, for the nodes; they ask Docker Hub itself when undefined. */
  readonly mirror: pulumi.Input<string> | undefined;
  /** Whether the digests are looked up at the mirror, too: not where it wants a login that this machine may not have. */
  readonly asksMirror: boolean;
}

/** Holds all images to their digests: those of the table, and those that the registry tells once. */
export function holdImages(origin: ImageOrigin): pulumi.Output<ReleaseImages> {
  const mirror = pulumi.output(origin.mirror);
  const nodejs = splitTag(origin.nodejs);
  const wanted: Readonly<Record<string, HubImage>> = { ...IMAGES, nodejs };
  const asked = mirror.apply((folder) => {
    const at = origin.asksMirror ? folder : undefined;
    const open = Object.entries(wanted).filter(([, { digest }]) => digest === undefined);
    return Object.fromEntries(open.map(([key, image]) => [key, `${place(image.name, at)}:${image.tag}`]));
  });
  const { digests } = new ImageDigests('image-digests', { images: asked, otherwise: OTHERWISE });
  return pulumi.all([mirror, digests]).apply(([folder, looked]) => {
    const hold = (key: string, image: HubImage): HeldImage => ({
      name: place(image.name, folder),
      tag: `${image.tag}@${image.digest ?? looked[key]}`,
    });
    const ours = NAMES.map((key) => [key, hold(key, IMAGES[key])]);
    return { ...Object.fromEntries(ours), nodejs: hold('nodejs', nodejs) } as ReleaseImages;
  });
}

const OTHERWISE =
  'Is there a way from this machine to that registry, or a proxy (HTTPS_PROXY)? A registry that has the same images: ' +
  'pulumi config set imageMirror REGISTRY/FOLDER';

/** What is not Docker Hub's stays where it is. */
function place(name: string, mirror: string | undefined): string {
  const [first = '', ...rest] = name.split('/');
  const isElsewhere = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isElsewhere) return name;
  const full = rest.length === 0 ? `library/${name}` : name;
  return `${mirror ?? 'docker.io'}/${full}`;
}

/** @param image `NAME:TAG`, perhaps with `@sha256:...` at its end */
function splitTag(image: string): HubImage {
  const [named = '', digest] = image.split('@');
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const name = hasTag ? named.slice(0, colon) : named;
  return { name, tag: hasTag ? named.slice(colon + 1) : 'latest', ...(digest === undefined ? {} : { digest }) };
}
