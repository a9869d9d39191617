import type { Catalog } from '../../../domain/catalog.ts';
import { referencesIn } from '../../../domain/endpoint/endpoint.ts';

/** Something that has to be set before commands are pasted: its name, what it is, and where its value lives. Never the value. */
export interface Credential {
  name: string;
  what: string;
  where: string;
}

const setting = 'It is the setting of that name of the console; keep a copy where it is reached without the console.';

/** The credentials that commands of a catalog need, in the order of their use. */
export function credentialsOf(catalog: Pick<Catalog, 'services' | 'endpoints'>): Credential[] {
  const projects = [...new Set(catalog.services.flatMap(({ cloudRun }) => cloudRun?.project ?? []))].sort();
  const references = (catalog.endpoints ?? []).flatMap(({ url, headers, title }) =>
    [url, ...Object.values(headers)].flatMap(referencesIn).map((name) => ({ name, title })),
  );
  const byName = Map.groupBy(references, ({ name }) => name);
  return [
    { name: 'UNLEASH_URL', what: 'Where Unleash is.', where: setting },
    { name: 'UNLEASH_ADMIN_TOKEN', what: 'An admin token of Unleash: it turns every flag.', where: setting },
    ...(projects.length > 0
      ? [
          {
            name: 'gcloud auth login',
            what: `Your own Google account, with roles/run.developer and roles/logging.viewer on ${projects.join(', ')}.`,
            where: 'Granted in IAM; ask for it before you need it.',
          },
        ]
      : []),
    { name: 'PAGERDUTY_API_TOKEN', what: 'A REST API v2 key of PagerDuty.', where: setting },
    { name: 'PAGERDUTY_FROM', what: 'The email of a PagerDuty user, in whose name it is written.', where: 'Your own.' },
    { name: 'PAGERDUTY_ROUTING_KEY', what: 'The Events v2 key that pages whoever is on call.', where: setting },
    ...[...byName].map(([name, all]) => ({
      name: `FIREBREAK_REF_${name}`,
      what: `Where ${[...new Set(all.map(({ title }) => title))].join(', ')} is.`,
      where: setting,
    })),
  ];
}
