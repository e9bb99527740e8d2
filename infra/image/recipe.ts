/** What an image is made of: a Dockerfile, the folder that Docker is given, and the files of it that go in. */

/** One image of this project. */
export interface ImageRecipe {
  /** Name of the image in its repository, and of its resource in the stack. */
  readonly name: string;
  readonly resource: string;
  /** What a tag begins with. */
  readonly tag: string;
  /** The build context, relative to the project's folder: what Docker is told, so that no machine's paths are in the state. */
  readonly context: string;
  /** The Dockerfile, relative to the context; `.dockerignore` (or `<Dockerfile>.dockerignore`) keeps out all but `sources`. */
  readonly dockerfile: string;
  /** All that the Dockerfile reads, and itself: files, or folders with all that is in them, relative to the context. */
  readonly sources: readonly string[];
}

/** The image that the Python actions run in. */
export const RUNTIME_IMAGE = {
  name: 'action-python',
  resource: 'runtime',
  tag: 'imagemagick',
  context: 'runtime',
  dockerfile: 'Dockerfile',
  sources: ['Dockerfile', 'check.sh', 'policy.xml', 'sample.jpg', 'sources.sh'],
} as const satisfies ImageRecipe;

/** The service that fires a trigger for each new file: infra/parts/events/feed-image.ts puts its bundle into the context. */
export const FEED_IMAGE = {
  name: 'feed',
  resource: 'feed',
  tag: 'feed',
  context: 'build/feed',
  dockerfile: 'Dockerfile',
  sources: ['Dockerfile', 'main.cjs'],
} as const satisfies ImageRecipe;

/** What the feed is built on: Node.js's long-term release of 2026. */
export const FEED_BASE_IMAGE = 'node:24-slim';

/** What the container of Cloud Run is built on. */
export const CLOUDRUN_BASE_IMAGE = 'python:3.12-slim-bookworm';

/** The container of Cloud Run: cloudrun-context.ts makes its context. See cloudrun/README.md. */
export const CLOUDRUN_IMAGE = {
  name: 'convert',
  resource: 'cloudrun',
  tag: 'cloudrun',
  context: 'build/cloudrun',
  dockerfile: 'cloudrun/Dockerfile',
  sources: ['actions', 'cloudrun', 'runtime'],
} as const satisfies ImageRecipe;
