// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { httpProbe } from '#app/actions/http-probe.server.ts';
import { httpRequest } from '#app/actions/http-request.server.ts';
import { notify } from '#app/actions/notify.server.ts';
import type { EndpointAnswer, EndpointsRead, EndpointsWrite } from '#app/clients/endpoint/port.ts';
import type { Endpoint, EndpointUse } from '#app/domain/endpoint/endpoint.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import { actionContext, moveOf } from './context.ts';

const one = (name: string, use: EndpointUse, part: Partial<Endpoint> = {}): Endpoint => ({
  name,
  title: name.toUpperCase(),
  use,
  method: use === 'probe' ? 'GET' : 'POST',
  url: `https://${name}.example.com/`,
  headers: {},
  status: [200],
  contains: null,
  repeatable: false,
  ...part,
});
const endpoints = [
  one('incidents', 'chat', { url: '${env:CHAT}' }),
  one('board', 'webhook', { repeatable: true }),
  one('vendor', 'probe', { contains: 'ok' }),
  one('queue', 'request', { headers: { Authorization: 'Bearer ${env:QUEUE}' } }),
];

/** A connection that did not come about. */
const lost = (code: string) =>
  new OutsideError('V', 'network', 'V cannot be reached', { cause: Object.assign(new Error(code), { code }) });

/** A world that answers as told and remembers what it was sent. */
function world(answer: EndpointAnswer | Error = { status: 200, body: 'ok', ms: 12 }) {
  const sent: { to: string; key: string; body: unknown }[] = [];
  const say = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const read: EndpointsRead = { refusal: () => null, get: say };
  const write: EndpointsWrite = {
    refusal: () => null,
    async send({ name }, _scope, { key, body }) {
      sent.push({ to: name, key, body });
      return say();
    },
  };
  return { read, write, sent };
}

function contextOf(uses: string, input: Record<string, unknown>) {
  const context = actionContext(uses, input);
  return { ...context, catalog: { ...context.catalog, endpoints, hosts: [] } };
}

const link = (path: string) => `https://firebreak.example.com${path}`;
const recoveryOf = async (action: Action, context: ReturnType<typeof contextOf>) => {
  const { plan } = await action.plan(context);
  return typeof action.recovery === 'function' ? action.recovery(plan) : action.recovery;
};

test('people are told in a chat, with the way to the incident and a mark to find it by', async () => {
  const { write, sent } = world();
  const action = notify({ write, link });
  const context = contextOf('notify', { to: 'incidents', text: 'Fallback is on.' });
  const { plan } = await action.plan(context);
  expect(plan).toMatchObject({
    kind: 'people',
    target: null,
    title: 'Tell INCIDENTS',
    after: { to: 'incidents', url: '${env:CHAT}', text: 'Fallback is on.' },
    refused: null,
  });
  expect(plan.commands[0]?.command).toContain('"$FIREBREAK_REF_CHAT"');
  const { evidence } = await action.apply(context, moveOf(plan));
  const text = 'Fallback is on.\nhttps://firebreak.example.com/incidents/burn\n(Firebreak 01234567/step/1)';
  expect(sent).toEqual([{ to: 'incidents', key: '0123456789abcdef/step/apply/1', body: { text } }]);
  expect(evidence).toMatchObject({
    sent: 'Fallback is on.',
    mark: '(Firebreak 01234567/step/1)',
    answered: 'HTTP 200',
  });
});

test('what was sent is never assumed: a chat asks a person, an endpoint that keeps keys is sent to again', async () => {
  const action = notify({ write: world().write, link });
  expect(await recoveryOf(action, contextOf('notify', { to: 'incidents', text: 'x' }))).toBe('ask');
  expect(await recoveryOf(action, contextOf('notify', { to: 'board', text: 'x' }))).toBe('idempotent');
  expect(await recoveryOf(httpRequest(world().write), contextOf('http.request', { endpoint: 'queue' }))).toBe('ask');
});

test.each([
  ['notify', { to: 'nowhere', text: 'x' }, 'The catalog declares no endpoint "nowhere": nothing else is ever called.'],
  [
    'notify',
    { to: 'queue', text: 'x' },
    'The endpoint "queue" is one for requests; this step needs a chat or a webhook.',
  ],
  ['http.request', { endpoint: 'vendor' }, 'The endpoint "vendor" is a probe; this step needs one for requests.'],
])('%s %j is refused', async (uses, input, why) => {
  const { write } = world();
  const action = uses === 'notify' ? notify({ write, link }) : httpRequest(write);
  expect((await action.plan(contextOf(uses, input))).plan.refused).toBe(why);
});

test('a request says exactly what will be sent, and is bound to it; secrets stay references', async () => {
  const { write, sent } = world();
  const action = httpRequest(write);
  const context = contextOf('http.request', { endpoint: 'queue', body: { pause: true, by: "it's us" } });
  const { plan } = await action.plan(context);
  expect(plan).toMatchObject({
    kind: 'forward',
    target: 'endpoint/queue',
    undo: null,
    after: {
      method: 'POST',
      url: 'https://queue.example.com/',
      headers: { Authorization: 'Bearer ${env:QUEUE}' },
      body: { pause: true, by: "it's us" },
    },
  });
  expect(plan.commands[0]?.command).toBe(
    `curl -fsS -X POST -H "Authorization: Bearer $FIREBREAK_REF_QUEUE" -H "Content-Type: application/json" -d '{"pause":true,"by":"it'\\''s us"}' "https://queue.example.com/"`,
  );
  const { outputs } = await action.apply(context, moveOf(plan));
  expect([sent[0]?.body, outputs]).toEqual([{ pause: true, by: "it's us" }, { status: 200 }]);
});

test.each([
  [{ status: 200, body: 'ok', ms: 12 }, { answer: 'yes', status: 200 }, {}],
  [{ status: 503, body: 'ok', ms: 12 }, { answer: 'no', status: 503 }, { because: '503 is none of 200' }],
  [{ status: 200, body: 'sorry', ms: 12 }, { answer: 'no', status: 200 }, { because: 'its body does not hold “ok”' }],
  [new OutsideError('V', 'timeout', 'V did not answer'), { answer: 'no', status: 0 }, { because: 'V did not answer' }],
  [
    new OutsideError('V', 'refused', 'V is not called'),
    { answer: 'unknown', status: 0 },
    { because: 'V is not called' },
  ],
  [new OutsideError('V', 'open', 'V is left alone'), { answer: 'unknown', status: 0 }, { because: 'V is left alone' }],
  [lost('ENOTFOUND'), { answer: 'unknown', status: 0 }, { because: 'V cannot be reached' }],
  [lost('EAI_AGAIN'), { answer: 'unknown', status: 0 }, { because: 'V cannot be reached' }],
  [lost('ECONNREFUSED'), { answer: 'no', status: 0 }, { because: 'V cannot be reached' }],
])('a probe answers %j', async (answer, outputs, evidence) => {
  const action = httpProbe({ read: world(answer).read, redact: (text) => text });
  const context = contextOf('http.probe', { endpoint: 'vendor' });
  const { plan } = await action.plan(context);
  const applied = await action.apply(context, moveOf(plan));
  expect(applied.outputs).toEqual(outputs);
  expect(applied.evidence).toMatchObject(evidence);
});

test('what a probe keeps of an answer holds no secret', async () => {
  const read = world({ status: 200, body: 'ok s3cret', ms: 1 }).read;
  const action = httpProbe({ read, redact: (text) => text.replace('s3cret', '[redacted]') });
  const context = contextOf('http.probe', { endpoint: 'vendor' });
  const { evidence } = await action.apply(context, moveOf((await action.plan(context)).plan));
  expect(evidence).toMatchObject({ said: 'ok [redacted]' });
});

test('a secret that stands where an answer is cut leaves no beginning behind', async () => {
  const read = world({ status: 200, body: `ok${'x'.repeat(195)}s3cret`, ms: 1 }).read;
  const action = httpProbe({ read, redact: (text) => text.replace('s3cret', '[redacted]') });
  const context = contextOf('http.probe', { endpoint: 'vendor' });
  const { evidence } = await action.apply(context, moveOf((await action.plan(context)).plan));
  expect((evidence as { said: string }).said).toMatch(/x\[re$/);
});
