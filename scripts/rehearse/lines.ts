import type { Finding } from '#app/domain/rehearsal/judge-case.ts';
import { placeAt } from '#app/domain/rehearsal/lint-rehearsal.ts';
import type { Choice, ChosenCase } from './choose.ts';
import type { Played } from './rehearse.ts';

/** Why a case failed: what was expected where in its file, and how the steps stood. */
export function failureLines({ chosen, result }: Played): string[] {
  if (result.findings.length === 0) return [];
  return [
    ...result.findings.map((finding) => `${placeOf(chosen, finding)}: ${finding.message}`),
    ...result.steps.map((line) => `  ${line}`),
  ];
}

/** `runbooks/voiceover-burn.rehearsal.yaml:21:9`, where a finding's expectation stands. */
export function placeOf({ rehearsal, index }: Pick<ChosenCase, 'rehearsal' | 'index'>, { path }: Finding): string {
  const { line, column } = placeAt(rehearsal, [`cases.${index}`, path].filter(Boolean).join('.'));
  return `${rehearsal.file}:${line}:${column}`;
}

/** One line for each runbook, and the count. */
export function summaryLines(played: readonly Played[], choice: Omit<Choice, 'cases'>): string[] {
  const slugs = [...new Set(played.map(({ chosen }) => chosen.runbook.slug))];
  const lines = slugs.map((slug) => {
    const own = played.filter(({ chosen }) => chosen.runbook.slug === slug);
    const good = own.filter(({ result }) => result.findings.length === 0).length;
    return `${good === own.length ? '✓' : '✗'} ${slug}: ${good} of ${own.length} cases`;
  });
  for (const slug of choice.notRehearsed)
    lines.push(`⚠ ${slug}: not rehearsed. Write runbooks/${slug}.rehearsal.yaml beside it (docs/rehearsal.md).`);
  for (const { slug, endpoint } of choice.outside)
    lines.push(
      `✗ ${slug}: calls the endpoint "${endpoint}" at a real address. Begin its url with a reference such as \${env:CHAT}.`,
    );
  return lines;
}
