/** Where an action's libraries come from: a Python of this machine or one inside an image, and what of it a cache key holds. */
import { PLATFORM } from './container';
import { findInterpreterInImage, identifyImage } from './image';
import { chooseDefaultPython, findInterpreter, type Interpreter } from './interpreter';

export interface Origin {
  /** All that the libraries depend on, besides their pins. */
  readonly key: string;
  /** The interpreter; inside an image only now Docker is needed. @throws PackagingError when there is none */
  interpreter(): Promise<Interpreter>;
}

/** An interpreter of this machine, by path or name; the system's `python3` if left out. @throws PackagingError */
export async function findOriginHere(python: string = chooseDefaultPython()): Promise<Origin> {
  const interpreter = await findInterpreter(python);
  return {
    key: `${process.platform}/${process.arch}/python${interpreter.version}`,
    interpreter: async () => interpreter,
  };
}

/** The interpreter of a container image. @throws PackagingError as `identifyImage` */
export async function findOriginInImage(image: string, buildDir: string): Promise<Origin> {
  return {
    key: `${await identifyImage(image, buildDir)}/${PLATFORM}`,
    interpreter: () => findInterpreterInImage(image),
  };
}
