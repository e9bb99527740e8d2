/**
 * Docker Hub behind a repository of the stack's own: Artifact Registry fetches an image once and keeps it, so that no node asks Docker
 * Hub (ten pulls an hour without a login), and what vanishes there is still here.
 */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud, InRegion } from './google-cloud';
import { fitName } from './names';
import { letPull } from './registry-readers';

/**
 * Makes the repository.
 * @param readers members such as `serviceAccount:EMAIL` that pull images, by a name for each
 * @returns its name with host, known when they may read it
 */
export function mirrorDockerHub(
  cloud: GoogleCloud<InRegion>,
  readers: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const { student, region } = cloud.config;
  const repository = new gcp.artifactregistry.Repository(
    'docker-hub',
    {
      repositoryId: fitName(63, student, 'docker-hub'),
      location: region,
      format: 'DOCKER',
      mode: 'REMOTE_REPOSITORY',
      description: `Images of Docker Hub for PDFMagic of ${student}`,
      remoteRepositoryConfig: { dockerRepository: { publicRepository: 'DOCKER_HUB' } },
    },
    cloud.options('artifactregistry'),
  );
  return letPull(cloud, repository, readers);
}
