import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import type { Problem } from '#app/domain/runbook/runbook.ts';
import { importDocument } from '#app/domain/slo-import/import-document.ts';
import type { ImportOptions, OpenSloDocument } from '#app/domain/slo-import/imported.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { readJson } from '#app/domain/yaml/json.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { placeOf, unreadable } from './input-files.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak slo import FILE… [--out DIR] [--owner TEAM] [--days N]

Reads SLOs of other tools and prints them as OpenSLO v1 on stdout. What cannot be carried over is refused with file, line and
column; what would mean something else here is a warning. Both go to stderr.

  FILE…         Sloth's prometheus/v1 (YAML), or Cloud Monitoring's ServiceLevelObjective (JSON): one, a list, the answer of a
                list call, or what "slo export" writes
  --out DIR     one file for each document instead of stdout, by its name; a file that is there already is left alone
  --owner TEAM  who owns the services: with it their documents are printed too. Sloth's labels "owner" and "team" say it as well
  --days N      the rolling window of Sloth's SLOs, whose files name none; default 30

From Sloth: "sum(rate(counter{…}[{{.window}}]))" becomes a selector, also under "total - fast ones" and in a raw quotient; other
queries with {{.window}} stay queries. A raw ratio without counts, plugins and labels for routing are not carried over.
From Cloud Monitoring: goodTotalRatio with total, distributionCut, and windows with goodTotalRatioThreshold (as Timeslices).
basicSli, goodBadMetricFilter, metricMeanInRange and metricSumInRange count no events and are refused.

An imported SLO pages nobody: firebreak.dev/paging is shadow until you write otherwise. Only what "slo export" wrote keeps its
pager, burn profile, runbook and minimum of bad events, which stand in labels.

Examples:

  firebreak slo import sloth.yaml > alerts/shop.yaml
  curl -H "Authorization: Bearer $TOKEN" \\
    https://monitoring.googleapis.com/v3/projects/acme/services/shop/serviceLevelObjectives > slos.json
  firebreak slo import slos.json --owner sales --out alerts/

Exit code: 0 all carried over, 1 something was not (the rest is printed), 2 wrong arguments.`;

const maxBytes = 8 * 1024 * 1024;

/** `firebreak slo import`: SLOs of other tools as OpenSLO. */
export const sloImport: Command = {
  name: 'slo import',
  summary: 'Turn Sloth files and Cloud Monitoring SLOs into OpenSLO',
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { out: { type: 'string' }, owner: { type: 'string' }, days: { type: 'string', default: '30' } },
    });
    if (positionals.length === 0) throw new UsageError('Name at least one file.');
    const days = Number(values.days);
    if (!Number.isInteger(days) || days < 1 || days > 366)
      throw new UsageError(`--days ${values.days} is not a whole number of days from 1 to 366.`);
    const { documents, problems } = await importFiles(positionals, { days, owner: values.owner ?? null }, terminal);
    for (const problem of problems) terminal.err(problemLine(problem));
    if (values.out !== undefined) problems.push(...(await writeEach(documents, values.out, terminal)));
    else if (documents.length > 0)
      terminal.out(
        documents
          .map(({ document }) => yaml(document))
          .join('---\n')
          .trimEnd(),
      );
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

interface Found {
  document: OpenSloDocument;
  file: string;
}

async function importFiles(files: readonly string[], options: ImportOptions, terminal: Terminal) {
  const problems: Problem[] = [];
  const documents: Found[] = [];
  for (const file of files) {
    const read = await readDocuments(file, terminal);
    problems.push(...read.problems);
    for (const source of read.documents) {
      const imported = importDocument(source, options);
      problems.push(...imported.problems);
      for (const document of imported.documents) {
        const same = documents.find(
          (other) => other.document.kind === document.kind && other.document.metadata.name === document.metadata.name,
        );
        if (!same) documents.push({ document, file });
        else if (yaml(same.document) !== yaml(document))
          problems.push({
            file,
            line: 1,
            column: 1,
            severity: 'error',
            message: `${document.kind} "${document.metadata.name}" came differently from ${same.file} already; this one is left out.`,
            hint: 'Import the files one by one.',
          });
      }
    }
  }
  return { documents, problems };
}

async function readDocuments(file: string, terminal: Terminal) {
  try {
    await using handle = await open(placeOf(file, terminal));
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`it has over ${maxBytes / 1024 / 1024} MB`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
    if (text.trim() === '') throw new Error('it is empty');
    if (!file.endsWith('.json') && !/^\s*[[{]/.test(text)) return readYaml(text, file);
    const { document, problems } = readJson(text, file);
    return { documents: document ? [document] : [], problems };
  } catch (error) {
    return { documents: [], problems: [unreadable(file, error)] };
  }
}

async function writeEach(documents: readonly Found[], folder: string, terminal: Terminal): Promise<Problem[]> {
  const problems: Problem[] = [];
  const dir = placeOf(folder, terminal);
  await mkdir(dir, { recursive: true });
  for (const { document } of documents) {
    const { kind, metadata } = document;
    const name = `${metadata.name}${kind === 'SLO' ? '' : `.${kind === 'Service' ? 'service' : 'burn-profile'}`}.yaml`;
    try {
      await writeFile(join(dir, name), yaml(document), { flag: 'wx' });
      terminal.out(join(folder, name));
    } catch (error) {
      const there = (error as { code?: string }).code === 'EEXIST';
      const message = there
        ? 'This file is there already and was left alone.'
        : `It cannot be written: ${(error as Error).message}.`;
      const problem: Problem = { file: join(folder, name), line: 1, column: 1, severity: 'error', message, hint: null };
      problems.push(problem);
      terminal.err(problemLine(problem));
    }
  }
  return problems;
}

const yaml = (document: OpenSloDocument) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
