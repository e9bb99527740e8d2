import { z } from 'zod';

/** An `http` or `https` URL. */
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL that begins with http:// or https://',
});
