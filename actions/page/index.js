/**
 * page: the web page of PDFMagic. A web action behind `GET /convert`, so that no server has to run for it.
 *
 * `BUILT` is put in when the action is packaged (infra/packaging/page.ts): the page with its style and script in it, and the
 * SHA-256 of both. `settings` are the deployer's alone (actions/settings.json).
 */
const { html, styleHash, scriptHash } = BUILT;

/** What the page may do: run this script and this style, ask its own host and the storage; nothing else from anywhere. */
function policy(storage) {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    `connect-src 'self'${storage === '' ? '' : ` ${storage}`}`,
    'img-src blob: data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function main({ settings, __ow_method: method = 'get' }) {
  const { large, storage, kept } = settings;
  if (method !== 'get' && method !== 'head') {
    return {
      statusCode: 405,
      headers: { 'Content-Type': 'application/json', Allow: 'GET, HEAD' },
      body: { error: 'This is a web page: GET it. Photographs go to /convert/pdf.', code: 'bad-method' },
    };
  }
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': policy(storage),
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // A deployment may change the page at any time; it is small.
      'Cache-Control': 'no-cache',
    },
    body: html
      .replace('{{large}}', large === 'bucket' ? 'bucket' : 'none')
      .replace('{{kept}}', /^\d+$/.test(kept) ? kept : ''),
  };
}

exports.main = main;
