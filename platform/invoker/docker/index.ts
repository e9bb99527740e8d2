/** Actions as containers of a Docker engine, and what else of this platform runs in containers of it: see ../README.md. */
export { DockerError, docker } from './command';
export { makeDockerProvider } from './docker-provider';
export { buildImage, type EngineImage, nameImage, RUNTIME } from './image';
export { makeClaimLabel, removeContainer, removeContainers } from './leftovers';
export { type DockerRuntime, prepareDocker } from './prepare';
export { runContainer } from './run';
