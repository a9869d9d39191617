/** Replaces secrets in text before it reaches any sink: logs, step output, errors, audit. */
export interface Redactor {
  /** Registers a secret value in every form it travels in; short values (under 6 characters) are ignored. */
  add(secret: string | undefined | null): void;
  text(input: string): string;
}

const shortest = 6;
const mark = '[redacted]';

// None reaches over a double quote: the text may be JSON, and must stay JSON. A token without a digit is a word.
const patterns: { of: RegExp; to: string }[] = [
  { of: /\b(Bearer|Token token=)\s*(?=[^\s"\\]*\d)[A-Za-z0-9._~+/=-]{12,}/g, to: `$1 ${mark}` },
  { of: /\b(authorization\W{1,5}Basic)\s+[A-Za-z0-9+/=]{8,}/gi, to: `$1 ${mark}` },
  { of: /\bv1=[0-9a-f]{64}\b/g, to: mark },
  { of: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?-----END [A-Z ]*PRIVATE KEY-----/g, to: mark },
  { of: /(postgres(?:ql)?:\/\/[^:\s/"]+:)[^@\s"]+@/g, to: `$1${mark}@` },
  { of: /\bfb_[A-Za-z0-9_-]{20,}/g, to: mark },
];

/** An empty redactor; the root registers every loaded secret. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let all: RegExp | null = null;
  return {
    add(secret) {
      if (!secret || secret.length < shortest) return;
      for (const form of formsOf(secret)) known.add(form);
      all = null;
    },
    text(input) {
      // Longest first, in one pass: a secret that begins another one must not leave the other's tail behind.
      all ??= new RegExp(
        [...known]
          .sort((a, b) => b.length - a.length)
          .map(literal)
          .join('|') || '(?!)',
        'g',
      );
      return patterns.reduce((out, { of, to }) => out.replace(of, to), input.replace(all, mark));
    },
  };
}

/** Plain, URL-encoded, as form field, JSON-escaped once and twice (JSON inside a JSON line), and base64 at any offset. */
function* formsOf(given: string): Generator<string> {
  const secret = given.toWellFormed();
  const encoded = encodeURIComponent(secret);
  const escaped = jsonInside(given);
  yield* [given, secret, encoded, encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())];
  yield new URLSearchParams([['', secret]]).toString().slice(1);
  yield* [escaped, jsonInside(escaped), jsonInside(encoded)];
  for (const bytes of [Buffer.from(secret), Buffer.from(encoded)]) {
    for (const base64 of base64At(bytes)) yield* [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
  }
}

/** The characters that these bytes always become, wherever they stand in a longer base64 text (`user:secret`). */
function base64At(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The last character of an uneven end changes with what follows.
    const ends = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(Math.ceil((offset * 8) / 6), ends);
  });
}

function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
