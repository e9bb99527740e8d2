/** A kubeconfig file of the user's. Format: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export declare function readKubeconfig(file: string, context: string | undefined): string;
