/**
 * A private CA and the API host's certificate. The chart's own has no subjectAltName, so that no client can verify it
 * (https://www.rfc-editor.org/rfc/rfc9525#section-6.3).
 */
import { isIP } from 'node:net';
import type * as pulumi from '@pulumi/pulumi';
import * as tls from '@pulumi/tls';

/** All in PEM form. */
export interface Certificate {
  readonly caCertificate: pulumi.Output<string>;
  readonly certificate: pulumi.Output<string>;
  /** A secret. */
  readonly privateKey: pulumi.Output<string>;
}

const HOURS_PER_DAY = 24;
/** Longer than any lab; an `up` in the last month makes new ones. */
const VALIDITY = { validityPeriodHours: 825 * HOURS_PER_DAY, earlyRenewalHours: 30 * HOURS_PER_DAY } as const;

/**
 * Makes both.
 * @param apihost URL whose host, an IP address or a DNS name, the world calls
 * @param innerHosts names by which pods call the same server
 */
export function makeCertificate(
  apihost: pulumi.Output<string>,
  innerHosts: readonly string[],
  options: pulumi.CustomResourceOptions,
): Certificate {
  const key = (name: string) => new tls.PrivateKey(name, { algorithm: 'ECDSA', ecdsaCurve: 'P256' }, options);
  const caKey = key('ca-key');
  const ca = new tls.SelfSignedCert(
    'ca',
    {
      privateKeyPem: caKey.privateKeyPem,
      isCaCertificate: true,
      setSubjectKeyId: true,
      subject: { commonName: 'PDFMagic lab CA' },
      allowedUses: ['cert_signing', 'crl_signing'],
      ...VALIDITY,
    },
    options,
  );
  const serverKey = key('server-key');
  const host = apihost.apply((url) => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
  const request = new tls.CertRequest(
    'server-request',
    {
      privateKeyPem: serverKey.privateKeyPem,
      subject: { commonName: host.apply((name) => name.slice(0, 64)) },
      dnsNames: host.apply((name) => (isIP(name) === 0 ? [name, ...innerHosts] : [...innerHosts])),
      ipAddresses: host.apply((name) => (isIP(name) === 0 ? [] : [name])),
    },
    options,
  );
  const server = new tls.LocallySignedCert(
    'server',
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: caKey.privateKeyPem,
      caCertPem: ca.certPem,
      allowedUses: ['digital_signature', 'key_encipherment', 'server_auth'],
      ...VALIDITY,
    },
    options,
  );
  return { caCertificate: ca.certPem, certificate: server.certPem, privateKey: serverKey.privateKeyPem };
}
