/**
 * Images of actions are on every invoker node before the first call, and stay there: a pull of half a gigabyte takes longer than the
 * minute that OpenWhisk gives a container to start. A pod that runs the image keeps the kubelet from clearing it away, and a new node
 * gets one by itself.
 */
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { NAMESPACE } from './chart';

/** What the chart's affinities go by; containers of actions run on no other node. */
const INVOKER_NODES = { 'openwhisk-role': 'invoker' };

/** Waits for nothing; every `sleep` knows this number. */
const SLEEP = ['sleep', '2147483647'];

/**
 * Keeps an image on all invoker nodes.
 * @param name of the resource and of the DaemonSet
 * @returns the image's name, known once each node has it
 */
export function keepImage(
  name: string,
  image: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const labels = { app: name };
  const kept = new kubernetes.apps.v1.DaemonSet(
    name,
    {
      metadata: { name, namespace: NAMESPACE, labels },
      spec: {
        selector: { matchLabels: labels },
        // All nodes at once: nobody is served by these pods.
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: INVOKER_NODES,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            // `sleep` does not listen to a polite word.
            terminationGracePeriodSeconds: 1,
            securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'image',
                image,
                imagePullPolicy: 'IfNotPresent',
                command: SLEEP,
                resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '32Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    },
    options,
  );
  // The name of what was made is known when its pods run.
  return pulumi.all([image, kept.metadata.name]).apply(([held]) => held);
}
