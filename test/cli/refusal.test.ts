/** What a command says of an answer that is no result. The bodies are those of a real OpenWhisk and its API gateway. */
import { describe, expect, test } from 'vitest';
import { readRefusal } from '../../cli/client/openwhisk';

const refusalOf = (status: number, body: string) => readRefusal({ status, headers: {}, body: Buffer.from(body) });

describe('an answer that is no result', () => {
  test('of OpenWhisk or an action has its reason in `error`', () => {
    const body = '{"code":"iHrpuxhtuFUsAEmxjB5HjSP5hwAToWTH","error":"Request larger than allowed: 2 > 1 bytes."}';
    expect(refusalOf(413, body)).toMatchObject({ message: 'Request larger than allowed: 2 > 1 bytes.' });
  });

  test('of the API gateway has it in `message`', () => {
    const oops = 'Oops. Something went wrong. Check your URI and try again.';
    expect(refusalOf(500, `{"code":500, "message":"${oops}"}`).message).toBe(oops);
    expect(refusalOf(404, '{"message":"Error: Not found.","status":404}').message).toBe('Error: Not found.');
  });

  test('of the gateway’s nginx is a page: its title, and nothing of its HTML', () => {
    const title = '413 Request Entity Too Large';
    const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
    expect(refusalOf(413, page).message).toBe('The answer was status 413: Request Entity Too Large');
  });

  test('of anything else is shown as it came', () => {
    expect(refusalOf(502, 'no <title>\n here').message).toBe('The answer was status 502: no <title> here');
    expect(refusalOf(502, ' ').message).toBe('The answer was status 502, with an empty body.');
  });
});
