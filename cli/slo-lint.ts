import { parseArgs } from 'node:util';
import { lintSlo } from '#app/domain/openslo/lint.ts';
import { lintSamples } from '#app/domain/openslo/lint-samples.ts';
import { selectorOf, sidesOf } from '#app/domain/openslo/prometheus.ts';
import { orderSeries } from '#app/domain/prometheus/count-minutes.ts';
import { type Labels, type Selector, selects } from '#app/domain/prometheus/selector.ts';
import type { Problem } from '#app/domain/runbook/runbook.ts';
import { defaultProfile, resolveProfile } from '#app/domain/slo/profiles.ts';
import { didYouMean } from '#app/domain/yaml/nearest.ts';
import { reporter } from '#app/domain/yaml/validate.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { readSampleFiles, readSloFiles } from './input-files.ts';
import { printable } from './printable.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak slo lint FILE.yaml… [--samples FILE.om] [--for cloud-monitoring] [--strict] [--json]

Says what is wrong with SLOs, with file, line and column: what the format forbids, and what it allows but cannot work.

  FILE.yaml   OpenSLO v1 and burn profiles, any number of documents; several files are read together
  --samples   OpenMetrics text with timestamps, for what only data can show; may be given several times
  --for       cloud-monitoring: also what Google's SLOs and alerts cannot hold (always for SLOs that page by it)
  --strict    warnings count as errors
  --json      one JSON document instead of lines

Looked for: tiers that can never fire (factor at or over 1 / (1 − objective)), a profile made for another period, a factor
that does not follow from its share, windows longer than the period or shorter than a slice; with --samples a selector
without data, a threshold off a bucket's edge, more good or bad events than there are, an objective finer than one event.

Examples:

  firebreak slo lint alerts/*.yaml
  firebreak slo lint shop.yaml --samples shop.om --for cloud-monitoring

Exit code: 0 nothing wrong, 1 errors found, 2 wrong arguments.`;

/** `firebreak slo lint`: the linter of SLO files. */
export const sloLint: Command = {
  name: 'slo lint',
  summary: 'Say what is wrong with SLO files, and what is right but cannot work',
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        slo: { type: 'string', multiple: true },
        samples: { type: 'string', multiple: true },
        for: { type: 'string' },
        strict: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const files = [...positionals, ...(values.slo ?? [])];
    if (files.length === 0) throw new UsageError('A file is missing: OpenSLO documents.');
    if (values.for !== undefined && values.for !== 'cloud-monitoring')
      throw new UsageError(`--for "${values.for}" is not known. Write --for cloud-monitoring.`);
    const problems = await lint(files, values.samples ?? [], values.for !== undefined, terminal);
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const failed = errors > 0 || (values.strict === true && problems.length > 0);
    if (values.json) terminal.out(JSON.stringify({ ok: !failed, problems }, null, 2));
    else {
      for (const problem of problems) terminal.out(printable(problemLine(problem)));
      const [some, few] = [count(errors, 'error'), count(problems.length - errors, 'warning')];
      terminal.out(`${problems.length > 0 ? '\n' : ''}${failed ? '✗' : '✓'} ${some}, ${few}.`);
    }
    return failed ? 1 : 0;
  },
};

async function lint(
  files: readonly string[],
  samples: readonly string[],
  cloudMonitoring: boolean,
  terminal: Terminal,
): Promise<Problem[]> {
  const alerts = await readSloFiles(files, terminal);
  const { problems, declared } = alerts;
  const profiles = alerts.profiles.map(({ value }) => value);
  for (const one of declared) {
    const { value: slo, source } = one;
    const named = profiles.find(({ name }) => name === slo.profile);
    if (!named && slo.profile !== 'default') {
      const report = reporter(source);
      const path = ['metadata', 'annotations', 'firebreak.dev/burn-profile'];
      const hint = didYouMean(
        slo.profile,
        profiles.map(({ name }) => name),
      );
      report.error(path, `There is no burn profile "${slo.profile}".`, hint ?? 'Give its file, too.');
      problems.push(...report.problems);
    }
    const profile = named ? resolveProfile(named.name, named.tiers, named.periodMinutes) : defaultProfile(slo.period);
    problems.push(...lintSlo(one, { profile, cloudMonitoring }));
  }
  if (samples.length > 0) {
    const selectors = declared.flatMap(({ value: { indicator } }): { selector: Selector; as: true | 'gauge' }[] => {
      if (indicator.kind === 'prometheus-gauge') return [{ selector: selectorOf(indicator.selector), as: 'gauge' }];
      const sides = indicator.kind === 'prometheus' ? sidesOf(indicator) : null;
      return sides ? [sides.total, sides.part].map((selector) => ({ selector, as: true })) : [];
    });
    // All series of a metric: those that a selector misses say what it should have been.
    const wanted = (name: string, labels: Labels) =>
      selectors.find(({ selector }) =>
        selector.metric === null ? selects(selector, name, labels) : selector.metric === name,
      )?.as ?? false;
    const read = await readSampleFiles(samples, wanted, terminal);
    problems.push(...read.problems);
    const series = orderSeries(read.series);
    if (read.problems.length === 0)
      for (const one of declared) problems.push(...lintSamples(one, { series, names: read.names }));
  }
  return problems;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
