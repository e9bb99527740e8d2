/** Who may pull from a repository of Artifact Registry. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud, InRegion } from './google-cloud';

/** The host that Docker logs in to. */
export function nameRegistryHost({ region }: { readonly region: string }): string {
  return `${region}-docker.pkg.dev`;
}

/**
 * Lets readers pull.
 * @param readers members such as `serviceAccount:EMAIL`, by a name for each
 * @returns the repository's name with host, known when they may
 */
export function letPull(
  cloud: GoogleCloud<InRegion>,
  repository: gcp.artifactregistry.Repository,
  readers: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const { project } = cloud.config;
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
        cloud.options('artifactregistry'),
      ),
  );
  return pulumi
    .all([repository.repositoryId, pulumi.all(grants.map(({ etag }) => etag))])
    .apply(([name]) => `${nameRegistryHost(cloud.config)}/${project}/${name}`);
}
