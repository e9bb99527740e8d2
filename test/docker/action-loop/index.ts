/** A stand-in base image whose actions are processes of their own, as in OpenWhisk's images. */
import { docker, standInBase } from '../engine';

/** Makes it, unless it is there. Its name. */
export function actionLoopBase(): string {
  const name = 'pdfmagic-test/action-python-v3.11:action-loop';
  docker('build', '--quiet', '--build-arg', `BASE=${standInBase()}`, '--tag', name, __dirname);
  return name;
}
