// Loaded into a platform by `node --import`: its time of day is wrong by the milliseconds that the file CLOCK_OFFSET says.
// An injected clock, because neither a namespace nor a library in front of libc sets the time for one process on every system.
import { readFileSync } from 'node:fs';

const Real = globalThis.Date;
let offset = 0;

function read() {
  try {
    offset = Number(readFileSync(process.env.CLOCK_OFFSET ?? '', 'utf8')) || 0;
  } catch {
    offset = 0;
  }
}

const now = () => Real.now() + offset;
globalThis.Date = new Proxy(Real, {
  apply: () => new Real(now()).toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
read();
setInterval(read, 50).unref();
