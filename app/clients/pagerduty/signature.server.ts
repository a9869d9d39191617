import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * True when one of the header's signatures is the HMAC-SHA256 of the raw body under one of the secrets. PagerDuty sends
 * `v1=<hex>` once per secret while secrets rotate, separated by commas. Every pair is compared in constant time.
 */
export function verifySignature(rawBody: Uint8Array, header: string | null, secrets: readonly string[]): boolean {
  const given = signaturesIn(header);
  let matches = 0;
  for (const secret of secrets) {
    if (secret === '') continue;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    for (const signature of given) matches += Number(timingSafeEqual(signature, expected));
  }
  return matches > 0;
}

/** The well-formed `v1` signatures of an `X-PagerDuty-Signature` header; at most ten are looked at. */
function signaturesIn(header: string | null): Buffer[] {
  return (header ?? '')
    .split(',')
    .slice(0, 10)
    .flatMap((part) => {
      const hex = /^v1=([0-9a-f]{64})$/i.exec(part.trim())?.[1];
      return hex ? [Buffer.from(hex, 'hex')] : [];
    });
}
