// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { expect, test } from 'vitest';
import { readAlerts } from '#app/domain/openslo/alerts.ts';
import { readYaml } from '#app/domain/yaml/document.ts';

const head =
  'apiVersion: firebreak/v1\nkind: Organisation\nmetadata: { name: acme }\nspec:\n  hosts: [hooks.example.com]\n';
const read = (...endpoints: string[]) => {
  const list = endpoints.map((one) => `    - { ${one} }\n`).join('');
  const alerts = readAlerts(readYaml(`${head}  endpoints:\n${list}`, 'organisation.yaml').documents);
  return { ...alerts, problems: alerts.problems.map(({ line, message }) => `${line} ${message}`) };
};

test('an endpoint is what it says, with what it leaves out filled in', () => {
  const { endpoints, hosts, problems } = read(
    'name: incidents, use: chat, url: "${env:CHAT}"',
    'name: status, title: Status page, use: probe, url: https://hooks.example.com/health, expect: { status: 204 }',
  );
  expect(problems).toEqual([]);
  expect(hosts).toEqual(['hooks.example.com']);
  expect(endpoints.map(({ value }) => value)).toMatchObject([
    { name: 'incidents', title: 'incidents', use: 'chat', method: 'POST', url: '${env:CHAT}', repeatable: false },
    { name: 'status', title: 'Status page', use: 'probe', method: 'GET', status: [204] },
  ]);
});

test.each([
  ['name: a, use: chat, url: https://evil.test/', '7 The host evil.test is not among spec.hosts.'],
  ['name: a, use: chat, url: http://hooks.example.com/', '7 Only https is called.'],
  ['name: a, use: chat, url: hooks.example.com', '7 This is not an address.'],
  ['name: a, use: chat, url: "https://me:pass@hooks.example.com/"', '7 An address holds no password.'],
  ['name: a, use: probe, method: POST, url: https://hooks.example.com/', '7 A probe asks by GET.'],
  ['name: a, use: request, method: GET, url: https://hooks.example.com/', '7 A request does not use GET.'],
  [
    'name: a, use: shell, url: https://hooks.example.com/',
    '7 "use" is "shell"; allowed: chat, webhook, probe, request.',
  ],
])('%s is refused at its place, and not called', (endpoint, problem) => {
  const { endpoints, problems } = read(endpoint);
  expect(problems).toEqual([problem]);
  expect(endpoints).toEqual([]);
});

test('two of one name are one too many', () => {
  const same = 'name: a, use: chat, url: https://hooks.example.com/';
  expect(read(same, same).problems).toEqual(['8 The endpoint "a" is declared twice.']);
});
