/** The image of the feed: its bundle is made here, so that the build needs no network. */
import path from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import { bundleFeed } from '../../../feed/bundle';
import { buildImage } from '../../image/build-image';
import { FEED_BASE_IMAGE, FEED_IMAGE } from '../../image/recipe';

const PROJECT = path.join(__dirname, '../../..');

/**
 * Bundles the feed, builds and pushes its image. The same sources make the same bundle, and so the same tag.
 * @param repository registry and folder to push to
 * @returns its name with tag, known once it has been pushed
 */
export async function buildFeedImage(repository: pulumi.Output<string>): Promise<pulumi.Output<string>> {
  await bundleFeed(path.join(PROJECT, FEED_IMAGE.context));
  return buildImage(FEED_IMAGE, { baseImage: FEED_BASE_IMAGE, repository });
}
