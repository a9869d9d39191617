/** Actions of the catalogue in two or three words; an unknown one keeps its name. */
export const actionWords: Readonly<Record<string, string>> = {
  'slo.check': 'reads an SLO',
  'flag.kill': 'makes a flag safe',
  'flag.restore': 'restores a flag',
  'cloudrun.traffic': 'routes traffic',
  manual: 'a person does it',
  'pagerduty.note': 'writes a note',
  'pagerduty.acknowledge': 'acknowledges',
};
