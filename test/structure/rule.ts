import type { Import } from './imports.ts';

/** What files below `of` may import: beginnings of paths; `type ` in front allows what leaves nothing at run time. */
interface Layer {
  of: RegExp;
  may: string[];
  /** Packages, when only named ones are allowed; `node:` is a package too. */
  packages?: string[];
  /** What to say. */
  because: string;
}

const common = ['app/errors.ts', 'app/paths.ts'];

const scripts = [
  'scripts/',
  'server.ts',
  'cli/',
  'app/domain/',
  'app/catalog/',
  'app/stores/',
  'app/platform/',
  'app/clients/',
  'app/config.server.ts',
  'simulator/',
  ...common,
];

/** The first layer whose `of` fits a file is its layer. Style guide: "Who may import whom". */
export const layers: Layer[] = [
  {
    of: /^app\/domain\//,
    may: ['app/domain/'],
    packages: ['zod', 'yaml', 'markdown-it', 'sanitize-html', 're2js'],
    because: 'the rules are pure: domain imports domain and pure libraries',
  },
  {
    // The HTTP shell stands between the process and the router: it hands stores on and asks only for their types.
    of: /^app\/platform\/http\//,
    may: ['app/platform/', 'app/domain/', 'type app/stores/', 'app/load-context.ts', ...common],
    because: 'the HTTP shell imports platform and domain, and of stores only types',
  },
  {
    of: /^app\/platform\//,
    may: ['app/platform/', 'app/errors.ts', 'app/domain/', 'type app/stores/schema.ts', 'type app/load-context.ts'],
    because: 'every part stands on platform: it imports domain',
  },
  {
    of: /^app\/clients\//,
    may: ['app/clients/', 'app/domain/', 'app/platform/', 'app/config.server.ts', 'app/errors.ts'],
    because: 'a client knows the outside system and nothing of ours but domain and platform',
  },
  {
    of: /^app\/stores\//,
    may: ['app/stores/', 'app/domain/', 'app/platform/', 'app/errors.ts'],
    because: 'a store knows PostgreSQL, domain and platform',
  },
  {
    of: /^app\/catalog\//,
    may: ['app/catalog/', 'app/domain/', 'app/platform/'],
    because: 'the catalog reads files with domain and platform',
  },
  {
    of: /^app\/actions\//,
    may: ['app/actions/', 'app/clients/', 'app/stores/', 'app/domain/', 'app/platform/', ...common],
    because: 'an action uses clients, stores and domain',
  },
  {
    of: /^app\/engine\//,
    may: [
      'app/engine/',
      'type app/load-context.ts',
      'app/actions/',
      'app/stores/',
      'app/clients/',
      'app/catalog/',
      'app/domain/',
      'app/platform/',
      ...common,
    ],
    because: 'the engine never knows pages',
  },
  {
    of: /^app\/components\/ui\//,
    may: ['app/components/ui/'],
    because: 'components/ui knows none of our nouns',
  },
  {
    of: /^app\/components\//,
    may: ['app/components/', 'app/domain/', ...common],
    because: 'a component knows domain, components and paths',
  },
  {
    of: /^app\/routes\//,
    may: [
      'app/components/',
      'app/domain/',
      'app/acting.ts',
      'app/acting-by-key.ts',
      'app/flag-acts.ts',
      'app/run-acts.ts',
      'app/run-answers.ts',
      'app/report-answer.ts',
      'app/load-context.ts',
      'app/styles/',
      ...common,
    ],
    because: 'a route reaches stores through the load context, and never clients, engine, actions or another route',
  },
  {
    of: /^app\/(root\.tsx|entry\.client\.tsx|acting(-by-key)?\.ts|(run|flag)-acts\.ts|(run-answers|report-answer)\.ts|remix\.d\.ts)$/,
    may: ['app/components/', 'app/domain/', 'app/load-context.ts', 'app/styles/', ...common],
    because: 'what the browser loads knows no server',
  },
  {
    of: /^app\/entry\.server\.tsx$/,
    may: [
      'app/context.server.ts',
      'app/components/',
      'app/styles/',
      'app/load-context.ts',
      'type app/platform/',
      ...common,
    ],
    because: 'entry.server knows the composition root',
  },
  {
    of: /^app\/load-context\.ts$/,
    may: ['type app/'],
    because: 'the load context is types only',
  },
  {
    of: /^app\/(errors|paths)\.ts$/,
    may: ['app/domain/'],
    because: 'errors and paths are tables',
  },
  {
    of: /^app\/config\.server\.ts$/,
    may: ['app/domain/', 'app/platform/', 'app/errors.ts'],
    because: 'config reads the environment and knows nobody',
  },
  {
    // The composition root and its parts: files named context*.server.ts.
    of: /^app\/context[\w-]*\.server\.ts$|^app\/context\//,
    may: [
      'app/actions/',
      'app/catalog/',
      'app/clients/',
      'app/config.server.ts',
      'app/context',
      'app/domain/',
      'app/engine/',
      'app/load-context.ts',
      'app/platform/',
      'app/stores/',
      ...common,
    ],
    because: 'the composition root knows everything but pages',
  },
  {
    of: /^server\.ts$/,
    may: ['type app/context.server.ts'],
    because: "the process takes all from the build's entry module",
  },
  {
    of: /^cli\//,
    may: [
      'cli/',
      'app/components/runbook/',
      'app/domain/',
      'app/catalog/',
      'app/stores/',
      'app/platform/',
      'app/clients/',
      'app/config.server.ts',
      ...common,
    ],
    because: 'a command reads; a change goes in as a run',
  },
  {
    of: /^scripts\/bench(\/|\.ts$)/,
    may: [...scripts, 'app/engine/', 'test/support/browser.ts', 'test/support/prometheus.ts', 'remix.config.js'],
    because: 'a benchmark starts processes, a browser and engine tasks on a database of its own',
  },
  {
    of: /^scripts\//,
    may: scripts,
    because: 'a script starts processes and reads; a change goes in as a run',
  },
  {
    of: /^simulator\//,
    may: ['simulator/', 'app/domain/', 'app/platform/clock', 'app/catalog/'],
    because: "the simulator knows domain, the catalog and the clock, and nothing else of the console's",
  },
];

/** Files that may import a module that writes to the outside world. The commands among them: docs/decisions/0007, 0009 and 0013. */
const writers =
  /^app\/(actions|engine\/deliver|context)[\w./-]*$|^app\/clients\/|^cli\/(alerts-apply|flags-apply|kill-direct)\.ts$/;

/** What is wrong with an import, in words; null when nothing is. */
export function offence(found: Import): string | null {
  const layer = layers.find(({ of }) => of.test(found.file));
  if (!layer) return 'no layer holds this file: name it in test/structure/rule.ts';
  if (found.target === null) {
    const name = packageOf(found.specifier);
    return layer.packages && !layer.packages.includes(name) ? layer.because : null;
  }
  const target = found.target;
  const allowed = layer.may.some((entry) =>
    entry.startsWith('type ') ? found.typeOnly && target.startsWith(entry.slice(5)) : target.startsWith(entry),
  );
  if (!allowed) return layer.because;
  if (/^app\/clients\/.*write\.server\.ts$/.test(target) && !found.typeOnly && !writers.test(found.file))
    return 'only actions and engine/deliver write to the outside world';
  if (target === 'app/context.server.ts' && !/^(app\/entry\.server\.tsx|server\.ts|app\/context)/.test(found.file))
    return 'only entry.server imports the composition root';
  return null;
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : specifier.startsWith('node:') ? specifier : scope;
}
