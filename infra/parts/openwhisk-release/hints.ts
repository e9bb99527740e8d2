/** Which config keys help when the cluster is short of something: parts of the errors of the waits. */

/** When no node has room for a pod. */
export const MORE_ROOM =
  'larger nodes (coreMachineType, invokerMachineType), more of them (invokerNodesMax), or less memory for actions (invokerMemory)';

/** When the time limit is over. */
export const MORE_TIME = 'releaseTimeout, in minutes';
