/**
 * How to reach the cluster: by Google's exec plugin, so that no credential is in the state, and none ages there. Format:
 * https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
import type * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export const EXEC_PLUGIN = 'gke-gcloud-auth-plugin';

/** The content of a kubeconfig, in JSON (which is YAML). */
export function writeKubeconfig(cluster: gcp.container.Cluster): pulumi.Output<string> {
  return pulumi
    .all([cluster.name, cluster.endpoint, cluster.masterAuth])
    .apply(([name, endpoint, { clusterCaCertificate }]) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          { name, cluster: { server: `https://${endpoint}`, 'certificate-authority-data': clusterCaCertificate } },
        ],
        users: [
          {
            name,
            user: {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1beta1',
                command: EXEC_PLUGIN,
                interactiveMode: 'Never',
                provideClusterInfo: true,
                installHint: `Install it with \`gcloud components install ${EXEC_PLUGIN}\`, or with apt-get from Google's packages.`,
              },
            },
          },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        'current-context': name,
      }),
    );
}
