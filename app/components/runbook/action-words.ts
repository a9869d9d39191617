import type { ActionName } from '../../domain/runbook/actions.ts';

/** Actions of the catalogue in two or three words: apart from their schemas, which no browser needs. */
const words: Record<ActionName, string> = {
  'slo.check': 'reads an SLO',
  'logs.query': 'reads logs',
  'metrics.query': 'reads a metric',
  'flag.inspect': 'reads a flag',
  'cloudrun.inspect': 'reads the traffic',
  'flag.kill': 'makes a flag safe',
  'flag.restore': 'restores a flag',
  'flag.expose': 'sets who gets a flag',
  'flag.put-back': 'puts a flag back',
  'flag.define': 'makes a flag as its file says',
  'cloudrun.traffic': 'routes traffic',
  'cloudrun.put-back': 'puts traffic back',
  manual: 'a person does it',
  wait: 'waits',
  'github.dispatch': 'starts a workflow',
  notify: 'tells people',
  'http.request': 'sends a request',
  'http.probe': 'asks whether it is healthy',
  'pagerduty.note': 'writes a note',
  'pagerduty.acknowledge': 'acknowledges',
  'pagerduty.escalate': 'pages the next level',
  'pagerduty.resolve': 'resolves',
  snooze: 'keeps pages quiet',
};

/** Words for an action; an unknown one keeps its name. */
export function actionWords(uses: string): string {
  return Object.hasOwn(words, uses) ? words[uses as ActionName] : uses;
}
