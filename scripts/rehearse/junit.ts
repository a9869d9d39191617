import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Choice } from './choose.ts';
import { placeOf } from './lines.ts';
import type { Played } from './rehearse.ts';

/** Writes the results as JUnit XML. */
export function writeJunit(file: string, played: readonly Played[], choice: Omit<Choice, 'cases'>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, junit(played, choice));
}

/** One `testsuite` a runbook, one `testcase` a case. A runbook that has steps and no rehearsal is a skipped one. */
export function junit(played: readonly Played[], choice: Omit<Choice, 'cases'>): string {
  const slugs = [...new Set(played.map(({ chosen }) => chosen.runbook.slug))];
  const suites = slugs.map((slug) => {
    const own = played.filter(({ chosen }) => chosen.runbook.slug === slug);
    return suite(
      slug,
      own.map(testcase),
      own.filter(({ result }) => result.findings.length > 0).length,
      0,
      seconds(own),
    );
  });
  for (const slug of choice.notRehearsed)
    suites.push(
      suite(slug, [lone(slug, 'rehearsed', '<skipped message="There is no rehearsal file beside it."/>')], 0, 1, 0),
    );
  for (const { slug, endpoint } of choice.outside) {
    const why = `<failure message="${escaped(`It calls the endpoint ${endpoint} at a real address.`)}"/>`;
    suites.push(suite(slug, [lone(slug, 'rehearsed', why)], 1, 0, 0));
  }
  for (const { file, line, column, message } of choice.broken) {
    const why = `<failure message="${escaped(`${file}:${line}:${column} ${message}`)}"/>`;
    suites.push(suite(file, [lone(file, 'is valid', why)], 1, 0, 0));
  }
  const failures = played.filter(({ result }) => result.findings.length > 0).length;
  const total = `tests="${played.length + choice.notRehearsed.length + choice.outside.length + choice.broken.length}"`;
  const failed = `failures="${failures + choice.outside.length + choice.broken.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rehearsals" ${total} ${failed}>\n${suites.join('')}</testsuites>\n`;
}

function suite(name: string, cases: readonly string[], failures: number, skipped: number, time: number): string {
  const counts = `tests="${cases.length}" failures="${failures}" skipped="${skipped}" time="${time.toFixed(3)}"`;
  return `  <testsuite name="${escaped(name)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function testcase({ chosen, result }: Played): string {
  const head = `    <testcase classname="${escaped(chosen.runbook.slug)}" name="${escaped(result.name)}" file="${escaped(chosen.rehearsal.file)}" time="${(result.wallMs / 1000).toFixed(3)}"`;
  const [first] = result.findings;
  if (!first) return `${head}/>\n`;
  const lines = result.findings.map((finding) => `${placeOf(chosen, finding)}: ${finding.message}`);
  const text = escaped([...lines, ...result.steps].join('\n'));
  return `${head}>\n      <failure message="${escaped(first.message)}">${text}</failure>\n    </testcase>\n`;
}

function lone(suiteName: string, name: string, inside: string): string {
  return `    <testcase classname="${escaped(suiteName)}" name="${escaped(name)}">${inside}</testcase>\n`;
}

function seconds(played: readonly Played[]): number {
  return played.reduce((sum, { result }) => sum + result.wallMs, 0) / 1000;
}

/** Text as XML takes it: no markup, no control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
