import { expect, test } from 'vitest';
import { readFlag } from '#app/domain/flag/declaration.ts';
import { lintRunbook } from '#app/domain/runbook/lint.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { reporter } from '#app/domain/yaml/validate.ts';
import { good, read as readAlertsFile } from '../openslo/documents.ts';

function flag(environment: string) {
  const text = `apiVersion: firebreak/v1
kind: Flag
metadata: { name: new-checkout }
spec:
  type: operational
  owners: [sales]
  service: shop
  safe: off
  environments:
    - ${environment}
`;
  const source = readYaml(text, 'flags/a.yaml').documents[0]!;
  const report = reporter(source);
  const found = readFlag(source, report);
  return {
    approvals: found?.environments[0]?.approvals,
    problems: report.problems.map((one) => `${one.severity} ${one.line}:${one.column} ${one.message}`),
  };
}

const production = (approvals: string) => flag(`{ name: production, protected: true, approvals: ${approvals} }`);

test("a flag's file says who approves it in an environment; the requester is excluded unless it says otherwise", () => {
  expect(production('{ people: 2 }')).toEqual({
    approvals: { people: 2, from: [], requester: 'excluded' },
    problems: [],
  });
  expect(production('{ people: 2, from: [media, ada@shop.example], requester: may }').approvals).toEqual({
    ...{ people: 2, from: ['media', 'ada@shop.example'], requester: 'may' },
  });
});

test.each([
  ['{ people: 0 }', 'error 10:65 At least one person approves.'],
  ['{ people: 1.5 }', 'error 10:65 "people"'],
  ['{ people: 99 }', 'error 10:65 At most 10 people.'],
  ['{ people: 1, whom: [a] }', 'error 10:68 Unknown field "whom" in spec.environments.0.approvals.'],
  ['{ people: 1, from: [] }', 'error 10:74 Name a team or a mail address, or leave "from" out.'],
  ['{ people: 1, requester: yes }', 'error 10:79'],
  ['{ from: [media] }', 'error 10:44 "people" is missing.'],
  ['{ people: 3, from: [a@x.example, b@x.example] }', 'warning 10:55 3 people approve, and 2 are named.'],
  ['{ people: 1, from: [A@x.example, a@x.example] }', 'warning 10:55 All who are named have to approve'],
  ['{ people: 1, requester: may }', 'warning 10:55 One person who may be the requester: nobody else is asked.'],
])('%s is told at its place', (approvals, told) => {
  const { problems } = production(approvals);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(told);
});

test('approvals where nothing is protected ask nobody, and the file hears of it', () => {
  const { problems } = flag('{ name: development, protected: false, approvals: { people: 1 } }');
  expect(problems).toEqual(['warning 10:57 Nobody is asked in development: it is not protected.']);
});

test("a service's annotations say who approves what goes forward there", () => {
  const annotated = (lines: string) =>
    readAlertsFile(good.replace('firebreak.dev/owner: sales', `firebreak.dev/owner: sales\n${lines}`));
  const told = (lines: string) => annotated(lines).problems.map(({ message }) => message);
  const two = annotated('    firebreak.dev/approvals: "2"\n    firebreak.dev/approvals-from: media, ada@shop.example');
  expect(two.services[0]?.value.approvals).toEqual({
    ...{ people: 2, from: ['media', 'ada@shop.example'], requester: 'excluded' },
  });
  expect(told('    firebreak.dev/approvals: "0"')).toEqual([expect.stringContaining('"0" is not a number of people.')]);
  expect(told('    firebreak.dev/approvals-from: media')).toEqual([
    expect.stringContaining('It is not said how many approve.'),
  ]);
  expect(told('    firebreak.dev/approvals: "1"\n    firebreak.dev/approvals-requester: yes')).toEqual([
    expect.stringContaining('neither may nor excluded'),
  ]);
});

const runbook = (approvals: string, step: string) =>
  parseRunbook(
    `---\nrunbook:\n  version: 1\n${approvals}---\n\`\`\`yaml runbook-step\n${step}\n\`\`\`\n`,
    'runbooks/voice.md',
  );
const verify = 'verify: { slo: a, burn_under: 1, window: 5m, within: 15m }';
const restore = `id: back\nuses: flag.restore\nwith: { flag: v, environment: production }\n${verify}`;
const kill = `id: kill\nuses: flag.kill\nwith: { flag: v, environment: production }\nexpires: 7d\n${verify}`;
const lint = (parsed: ReturnType<typeof runbook>) =>
  lintRunbook(parsed, null, '2026-11-22').map((one) => `${one.severity} ${one.line} ${one.message}`);

test("a runbook's front matter and one step say who approves, and are checked", () => {
  const parsed = runbook('  approvals: { people: 2 }\n', `${restore}\napprovals: { people: 1, from: [media] }`);
  expect(parsed.problems).toEqual([]);
  expect(parsed.approvals).toEqual({ people: 2, from: [], requester: 'excluded' });
  expect(parsed.steps[0]?.approvals).toEqual({ people: 1, from: ['media'], requester: 'excluded' });
  expect(lint(parsed)).toEqual([]);
  expect(
    runbook('  approvals: { persons: 2 }\n', restore).problems.map(({ line, message }) => [line, message]),
  ).toEqual(expect.arrayContaining([[4, expect.stringContaining('Unknown field "persons"')]]));
});

test('what asks nobody is warned of', () => {
  expect(lint(runbook('  approvals: { people: 2 }\n', kill))).toEqual([
    'warning 4 No step of this runbook is a change forward: nobody is ever asked.',
  ]);
  expect(lint(runbook('', `${kill}\napprovals: { people: 1 }`))).toEqual([
    'warning 11 The step "kill" is no change forward: nobody is asked for it.',
  ]);
});
