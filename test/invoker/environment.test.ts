import { beforeAll, describe, expect, it } from 'vitest';
import { inBothKinds } from './harness';
import { invocation } from './harness-invocation';

const PYTHON = 'import os\ndef main(args):\n    return dict(os.environ)\n';
const NODEJS = 'function main() { return process.env }';

describe('the environment of an action', () => {
  inBothKinds((bench, kind) => {
    beforeAll(() => {
      process.env.PDFMAGIC_TEST_SECRET = 'of the platform';
    });

    it('has OpenWhisk’s names with the values of this invocation', async () => {
      for (const [family, code] of [
        ['python', PYTHON],
        ['nodejs', NODEJS],
      ] as const) {
        const asked = invocation(code, { kind: bench.kindOf(family) });
        const { result } = await bench.invoker.run(asked);
        expect(result).toMatchObject({
          __OW_API_HOST: 'http://127.0.0.1:3233',
          __OW_NAMESPACE: 'guest',
          __OW_ACTION_NAME: asked.action.name,
          __OW_ACTION_VERSION: '0.0.1',
          __OW_ACTIVATION_ID: asked.activationId,
          __OW_TRANSACTION_ID: asked.transactionId,
          __OW_DEADLINE: expect.stringMatching(/^\d{13}$/),
        });
        expect(result).not.toHaveProperty('__OW_API_KEY');
      }
    });

    it('has the deadline: the start plus the time limit', async () => {
      const outcome = await bench.python('import os\ndef main(a):\n    return {"at": os.environ["__OW_DEADLINE"]}\n', {
        limits: { timeout: 5_000 },
      });
      const at = Number(JSON.parse(JSON.stringify(outcome.result)).at);
      expect(at).toBeGreaterThanOrEqual(outcome.start + 5_000);
      expect(at).toBeLessThanOrEqual(outcome.end + 5_000);
    });

    it('has the key only when it was given', async () => {
      const { result } = await bench.python(PYTHON, { apiKey: 'uuid:key' });
      expect(result).toMatchObject({ __OW_API_KEY: 'uuid:key' });
    });

    it('has the parameters marked init, already while the code is loaded; what is no text as JSON', async () => {
      const initEnvironment = { GREETING: 'hello', LIST: [1, 2], NUMBER: 3 };
      const code =
        'import os\nSEEN = os.environ["GREETING"]\ndef main(args):\n    return {**os.environ, "seen": SEEN}\n';
      const python = await bench.python(code, { initEnvironment });
      expect(python.result).toMatchObject({
        GREETING: 'hello',
        LIST: expect.stringMatching(/^\[1, ?2\]$/),
        seen: 'hello',
      });
      expect((await bench.nodejs(NODEJS, { initEnvironment })).result).toMatchObject({ LIST: '[1,2]', NUMBER: '3' });
    });

    it('has nothing of the platform’s, and for Python no PATH', async () => {
      const python = await bench.python(PYTHON);
      const foreign = Object.keys(python.result ?? {}).filter((name) => !name.startsWith('__OW_'));
      const own = kind === 'bubblewrap' ? ['HOME'] : ['HOME', 'TMPDIR'];
      expect(foreign.sort()).toEqual([...own, 'PYTHONIOENCODING', 'LC_CTYPE', 'PWD'].sort());
      const nodejs = await bench.nodejs(NODEJS);
      expect(JSON.stringify(nodejs.result)).not.toContain('of the platform');
    });

    it('has a HOME that can be written to', async () => {
      const code =
        'import pathlib\ndef main(a):\n    pathlib.Path.home().joinpath("x").write_text("x")\n    return {}\n';
      expect(await bench.python(code)).toMatchObject({ statusCode: 0 });
    });

    it('changes with every run of a warm sandbox', async () => {
      const say = { name: `/guest/warm-environment-${kind}` };
      const code = 'import os\ndef main(a):\n    return {"id": os.environ["__OW_ACTIVATION_ID"]}\n';
      await bench.python(code, say);
      const asked = invocation(code, { ...say, kind: bench.kindOf('python') });
      const outcome = await bench.invoker.run(asked);
      expect(outcome.initTime).toBeUndefined();
      expect(outcome.result).toEqual({ id: asked.activationId });
    });
  });
});
