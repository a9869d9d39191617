/** Replaces secrets in text before it reaches any sink: logs, step output, errors, audit. */
export interface Redactor {
  /** Registers a secret value in plain, base64 and URL-encoded form; short values (under 6 characters) are ignored. */
  add(secret: string | undefined | null): void;
  text(input: string): string;
}

const patterns = [
  /\b(Bearer|Token token=)\s*[A-Za-z0-9._~+/=-]{12,}/g,
  /\bv1=[0-9a-f]{64}\b/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /(postgres(?:ql)?:\/\/[^:\s/]+:)[^@\s]+@/g,
];

/** An empty redactor; the root registers every loaded secret. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    add(secret) {
      if (!secret || secret.length < 6) return;
      known.add(secret);
      known.add(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
      known.add(encodeURIComponent(secret));
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    text(input) {
      let out = input;
      for (const secret of known) if (out.includes(secret)) out = out.split(secret).join('[redacted]');
      for (const pattern of patterns) {
        out = out.replace(pattern, (_match, head) =>
          typeof head === 'string' && head.startsWith('postgres') ? `${head}[redacted]@` : '[redacted]',
        );
      }
      return out;
    },
  };
}
