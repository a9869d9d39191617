import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { fieldsToKeep, type UnsentForm, unsentFor, withoutLongest } from '../../domain/unsent/unsent.ts';
import type { Clock } from '../clock.ts';

/** Characters of a value that every browser still takes, beside the cookie's name and attributes. */
const longestValue = 3_700;
const nonceBytes = 12;
const tagBytes = 16;

/** What a cookie holds, as long as it holds. */
interface Kept extends UnsentForm {
  /** Email of who typed it. */
  person: string;
  /** Wall ms. */
  until: number;
}

/** Keeps one unsent form of one person in their browser, sealed: nobody else can read it, and no server has to remember it. */
export interface UnsentCookie {
  /** The Set-Cookie that keeps a form, in place of one kept before. */
  keep(person: string, path: string, form: Iterable<[string, unknown]>): string;
  /** What a Cookie header holds; null where there is nothing, or where its time is over. */
  read(header: string | undefined): Kept | null;
  /** The Set-Cookie that ends it. */
  gone: string;
}

/** `secret` is the deployment's, so that any process opens what another sealed; https gets a `__Host-` cookie. */
export function createUnsentCookie({
  secret,
  secure,
  clock,
}: {
  secret: string;
  secure: boolean;
  clock: Pick<Clock, 'wall'>;
}): UnsentCookie {
  const name = secure ? '__Host-firebreak-unsent' : 'firebreak-unsent';
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'firebreak: form not sent yet', 32));
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;

  const seal = (kept: Kept): string => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const packed = brotliCompressSync(JSON.stringify(kept), quality);
    const sealed = [cipher.update(packed), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url');
  };

  const open = (value: string): Kept | null => {
    const bytes = Buffer.from(value, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const packed = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      return JSON.parse(brotliDecompressSync(packed).toString('utf8')) as Kept;
    } catch {
      // Not sealed by this deployment, or not whole.
      return null;
    }
  };

  return {
    keep(person, path, form) {
      let { fields, cut } = fieldsToKeep(form);
      const sealed = () => seal({ person, path, fields, cut, until: clock.wall() + unsentFor });
      let value = sealed();
      while (value.length > longestValue && fields.length > 0) {
        fields = withoutLongest(fields);
        cut = true;
        value = sealed();
      }
      return `${name}=${value}; Max-Age=${unsentFor / 1_000}${attributes}`;
    },
    read(header) {
      const value = header?.split(/;\s*/).find((each) => each.startsWith(`${name}=`));
      const kept = value === undefined ? null : open(value.slice(name.length + 1));
      return kept && kept.until > clock.wall() ? kept : null;
    },
    gone: `${name}=; Max-Age=0${attributes}`,
  };
}
