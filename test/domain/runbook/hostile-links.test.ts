import { describe, expect, it } from 'vitest';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf, unescapeHtml } from './html.ts';

/** One address that runs a script, in every way that a browser or a Markdown parser may decode it. */
const addresses = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript&colon;alert(1)',
  'javascript&#58;alert(1)',
  'javascript&#x3A;alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6a&#x61;vascript:alert(1)',
  'java&Tab;script:alert(1)',
  'java&NewLine;script:alert(1)',
  'java&#9;script:alert(1)',
  'java&#0;script:alert(1)',
  'java\\script:alert(1)',
  'javascript\\:alert(1)',
  '%6Aavascript:alert(1)',
  'javascript%3Aalert(1)',
  '\u0001javascript:alert(1)',
  '\u00a0javascript:alert(1)',
  '\u2028javascript:alert(1)',
  '\ufeffjavascript:alert(1)',
  'java\u00adscript:alert(1)',
  'ｊavascript:alert(1)',
  'javascript\uff1aalert(1)',
  './javascript:alert(1)',
  '//javascript:alert(1)',
  'javascript://a.example/%0aalert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'blob:https://a.example/x',
  'filesystem:https://a.example/x',
  'view-source:javascript:alert(1)',
  'feed:javascript:alert(1)',
  'intent://x#Intent;scheme=javascript;end',
  '\ud800javascript:alert(1)',
  'https://a.example/"onmouseover="alert(1)',
  "https://a.example/'onmouseover='alert(1)",
  'https://a.example/><script>alert(1)</script>',
  'mailto:a@b.c?x="onclick="alert(1)',
];

/** Every way that Markdown writes an address, and the tags that it must not be able to write. */
const forms = [
  (address: string) => `[a](${address})`,
  (address: string) => `[a](<${address}>)`,
  (address: string) => `[a](${address} "t\\" onclick=\\"alert(1)")`,
  (address: string) => `[a](${address} 't" onclick="alert(1)')`,
  (address: string) => `<${address}>`,
  (address: string) => `[a][r]\n\n[r]: ${address}`,
  (address: string) => `[a][r]\n\n[r]: <${address}> "t"`,
  (address: string) => `![a](${address})`,
  (address: string) => `[![a](${address})](${address})`,
  (address: string) => `![" onerror="alert(1)](${address})`,
  (address: string) => `see ${address} here`,
  (address: string) => `# [a](${address})`,
  (address: string) => `| [a](${address}) |\n|---|`,
  (address: string) => `<details><summary>[a](${address})</summary>${address}</details>`,
  (address: string) => `<a href="${address}">a</a>`,
  (address: string) => `<img src=x onerror="${address}">`,
  (address: string) => `\`\`\`${address}\nx\n\`\`\``,
  (address: string) =>
    `---\ntitle: "[a](${address.replaceAll('"', '').replaceAll('\\', '')})"\nowner: [\n---\n[a](${address})`,
];

describe('an address that runs a script', () => {
  it.each(addresses)('%j leads nowhere, however it is written', (address) => {
    for (const form of forms) {
      const html = htmlOf(parseRunbook(form(address), 'v.md'));
      for (const tag of html.match(/<[^>]*>/g) ?? []) {
        expect(tag, form(address)).not.toMatch(/^<(?:script|img|iframe|style|object|svg)\b/i);
        expect(tag.replace(/"[^"]*"/g, '""'), form(address)).not.toMatch(/\son\w+=|\sstyle=|\ssrc=/i);
        const href = / href="([^"]*)"/.exec(tag)?.[1];
        if (href === undefined) continue;
        // As a browser reads it: with its own decoding, and what it skips before and inside of a scheme.
        expect(['https:', 'http:', 'mailto:'], form(address)).toContain(
          new URL(unescapeHtml(href), 'https://console.example/runbooks/v').protocol,
        );
      }
    }
  });
});
