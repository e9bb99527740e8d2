/**
 * page: the web page of PDFMagic. A web action behind `GET /convert`, so that no server has to run for it.
 *
 * `BUILT` is put in when the action is packaged (infra/packaging/page.ts): the page with its style and script in it, and its
 * headers. `settings` are the deployer's alone (actions/settings.json). On Cloud Run, cloudrun/service/page.py does the same.
 */
const { html, headers } = BUILT;

/** The text with what the deployer says in it. */
function fill(text, given) {
  return Object.entries(given).reduce((filled, [name, value]) => filled.split(`{{${name}}}`).join(value), text);
}

function main({ settings, __ow_method: method = 'get' }) {
  if (method !== 'get' && method !== 'head') {
    return {
      statusCode: 405,
      headers: { 'Content-Type': 'application/json', Allow: 'GET, HEAD' },
      body: { error: 'This is a web page: GET it. Photographs go to /convert/pdf.', code: 'bad-method' },
    };
  }
  const { large, storage, kept } = settings;
  const given = {
    platform: 'openwhisk',
    large: large === 'bucket' ? 'bucket' : 'none',
    // What the page may ask beside its own host.
    storage: storage === '' ? '' : ` ${storage}`,
    kept: /^\d+$/.test(kept) ? kept : '',
  };
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value, given)]);
  return { statusCode: 200, headers: Object.fromEntries(filled), body: fill(html, given) };
}

exports.main = main;
