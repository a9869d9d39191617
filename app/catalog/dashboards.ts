import type { ContentFile } from '../domain/catalog.ts';
import { readConsoleFile } from '../domain/dashboard/console-file.ts';
import type { Dashboard, DashboardConsole } from '../domain/dashboard/dashboard.ts';
import { readDashboard } from '../domain/dashboard/read.ts';
import type { Problem } from '../domain/runbook/runbook.ts';
import { readYaml } from '../domain/yaml/document.ts';
import { didYouMean } from '../domain/yaml/nearest.ts';
import { reporter } from '../domain/yaml/validate.ts';
import type { Names } from './references.ts';

const sibling = /\.console\.ya?ml$/;

/** The dashboards among `files`, each with its console file, whose names must exist. */
export function readDashboards(files: readonly ContentFile[], names: Names, problems: Problem[]): Dashboard[] {
  const consoles = new Map<string, DashboardConsole>();
  const slugs = files.filter(({ path }) => path.endsWith('.json')).map(({ path }) => slugOf(path));
  for (const file of files.filter(({ path }) => sibling.test(path))) {
    const read = readYaml(file.text, file.path);
    problems.push(...read.problems);
    const source = read.documents[0];
    if (!source) continue;
    const report = reporter(source);
    const slug = slugOf(file.path);
    const value = readConsoleFile(source, report);
    if (!slugs.includes(slug))
      report.error([], `There is no dashboard "${slug}" beside this file.`, didYouMean(slug, slugs));
    if (value) {
      if (value.service !== null && !names.services.includes(value.service))
        report.error(
          ['spec', 'service'],
          `There is no service "${value.service}".`,
          didYouMean(value.service, names.services),
        );
      for (const [index, runbook] of value.runbooks.entries())
        if (!names.runbooks.includes(runbook))
          report.error(
            ['spec', 'runbooks', index],
            `There is no runbook "${runbook}".`,
            didYouMean(runbook, names.runbooks),
          );
      consoles.set(slug, value);
    }
    problems.push(...report.problems);
  }
  return files
    .filter(({ path }) => path.endsWith('.json'))
    .flatMap((file) => {
      const { dashboard, problems: found } = readDashboard(file.text, file.path);
      problems.push(...found);
      if (!dashboard) return [];
      return [{ ...dashboard, console: consoles.get(dashboard.slug) ?? dashboard.console }];
    });
}

function slugOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/(\.json|\.console\.ya?ml)$/, '');
}
