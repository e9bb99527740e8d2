/** Actions as containers of a Docker engine: see ../README.md. */
export { DockerError } from './command';
export { imageName } from './image';
export { removeContainers } from './leftovers';
export { type DockerRuntime, prepareDocker } from './prepare';
export { dockerProvider } from './provider';
