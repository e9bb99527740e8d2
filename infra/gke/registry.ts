/** Where the runtime image is pushed to: a repository in Artifact Registry that the nodes may read. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GkeConfig } from '../config';
import type { GoogleCloud } from './google-cloud';
import { nameWithin } from './names';
import type { NodeIdentity } from './node-identity';

const DAY = '86400s';

/** The host that Docker logs in to. */
export function registryHost({ region }: GkeConfig): string {
  return `${region}-docker.pkg.dev`;
}

/** Makes the repository. Its name with host, known when the nodes may read it. */
export function makeRegistry(cloud: GoogleCloud, { account }: NodeIdentity): pulumi.Output<string> {
  const { student, region, project } = cloud.config;
  const options = cloud.options('artifactregistry');
  const repository = new gcp.artifactregistry.Repository(
    'images',
    {
      repositoryId: nameWithin(63, student, 'pdfmagic'),
      location: region,
      format: 'DOCKER',
      description: `Runtime images of PDFMagic of ${student}`,
      cleanupPolicyDryRun: false,
      // A rule to keep goes before a rule to delete.
      cleanupPolicies: [
        { id: 'keep-last', action: 'KEEP', mostRecentVersions: { keepCount: 3 } },
        { id: 'delete-old', action: 'DELETE', condition: { tagState: 'ANY', olderThan: DAY } },
      ],
    },
    options,
  );
  const reader = new gcp.artifactregistry.RepositoryIamMember(
    'nodes-read-images',
    {
      project,
      location: repository.location,
      repository: repository.name,
      role: 'roles/artifactregistry.reader',
      member: account.member,
    },
    options,
  );
  return pulumi
    .all([repository.repositoryId, reader.etag])
    .apply(([name]) => `${registryHost(cloud.config)}/${project}/${name}`);
}
