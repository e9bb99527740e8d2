/** Where the runtime image is pushed to: a repository in Artifact Registry that the nodes may read. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud, InRegion } from './google-cloud';
import { fitName } from './names';
import { letPull } from './registry-readers';

const DAY = '86400s';

/**
 * Makes the repository.
 * @param readers members such as `serviceAccount:EMAIL` that pull images, by a name for each
 * @returns its name with host, known when they may read it
 */
export function makeRegistry(
  cloud: GoogleCloud<InRegion>,
  readers: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const { student, region } = cloud.config;
  const repository = new gcp.artifactregistry.Repository(
    'images',
    {
      repositoryId: fitName(63, student, 'pdfmagic'),
      location: region,
      format: 'DOCKER',
      description: `Images of PDFMagic of ${student}`,
      cleanupPolicyDryRun: false,
      // A rule to keep goes before a rule to delete.
      cleanupPolicies: [
        { id: 'keep-last', action: 'KEEP', mostRecentVersions: { keepCount: 3 } },
        { id: 'delete-old', action: 'DELETE', condition: { tagState: 'ANY', olderThan: DAY } },
      ],
    },
    cloud.options('artifactregistry'),
  );
  return letPull(cloud, repository, readers);
}
