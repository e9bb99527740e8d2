/** All measurements, in the order in which they run and are shown. */
import type { Measurement } from '../measurement';
import { actions } from './actions';
import { cold } from './cold';
import { commands } from './commands';
import { deploy } from './deploy';
import { growth } from './growth';
import { latency } from './latency';
import { memory } from './memory';
import { rate } from './rate';
import { tests } from './tests';
import { trigger } from './trigger';

/** A new one is a file beside this, and a line here. */
export const MEASUREMENTS: readonly Measurement[] = [
  latency,
  rate,
  actions,
  trigger,
  cold,
  deploy,
  commands,
  memory,
  growth,
  tests,
];
