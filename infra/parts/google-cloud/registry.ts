/** Where the runtime image is pushed to: a repository in Artifact Registry that the nodes may read. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud, InRegion } from './google-cloud';
import { fitName } from './names';

const DAY = '86400s';

/** The host that Docker logs in to. */
export function nameRegistryHost({ region }: { readonly region: string }): string {
  return `${region}-docker.pkg.dev`;
}

/**
 * Makes the repository.
 * @param readers members such as `serviceAccount:EMAIL` that pull images, by a name for each
 * @returns its name with host, known when they may read it
 */
export function makeRegistry(
  cloud: GoogleCloud<InRegion>,
  readers: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const { student, region, project } = cloud.config;
  const options = cloud.options('artifactregistry');
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
    options,
  );
  const grants = Object.entries(readers).map(
    ([name, member]) =>
      new gcp.artifactregistry.RepositoryIamMember(
        name,
        {
          project,
          location: repository.location,
          repository: repository.name,
          role: 'roles/artifactregistry.reader',
          member,
        },
        options,
      ),
  );
  return pulumi
    .all([repository.repositoryId, pulumi.all(grants.map(({ etag }) => etag))])
    .apply(([name]) => `${nameRegistryHost(cloud.config)}/${project}/${name}`);
}
