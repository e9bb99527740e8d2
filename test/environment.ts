/** Remembers the variables of this process; the result puts them back. `process.env` itself stays: Node.js 26 starts programs with no other. */
export function keepEnvironment(): () => void {
  const before = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}
