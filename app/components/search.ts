import type { Catalog } from '../domain/catalog.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { paths } from '../paths.ts';

/** One thing that can be gone to. */
export interface Found {
  kind: 'Incidents' | 'Pages' | 'Services' | 'SLOs' | 'Flags' | 'Runbooks';
  id: string;
  title: string;
  note: string;
  href: string;
}

/** Everything with a page whose id, title or note has all words of the query; incidents first. */
export function search(catalog: Catalog | null, incidents: Incident[], query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return everything(catalog, incidents).filter((each) => {
    const text = `${each.kind} ${each.id} ${each.title} ${each.note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function everything(catalog: Catalog | null, incidents: Incident[]): Found[] {
  const pages = [
    ['Overview', paths.overview()],
    ['Incidents', paths.incidents()],
    ['Runs', paths.runs()],
    ['Follow-ups', paths.followUps()],
    ['Audit', paths.audit()],
  ] as const;
  return [
    ...incidents.map((each) => ({
      kind: 'Incidents' as const,
      id: each.id,
      title: each.title,
      note: each.status,
      href: paths.incident(each.id),
    })),
    ...(catalog?.services ?? []).map((each) => ({
      kind: 'Services' as const,
      id: each.id,
      title: each.title,
      note: each.owner,
      href: paths.service(each.id),
    })),
    ...(catalog?.slos ?? []).map((each) => ({
      kind: 'SLOs' as const,
      id: each.id,
      title: each.title,
      note: each.service,
      href: paths.slo(each.id),
    })),
    ...(catalog?.flags ?? []).map((each) => ({
      kind: 'Flags' as const,
      id: each.name,
      title: each.name,
      note: each.service,
      href: paths.flag(each.name),
    })),
    ...(catalog?.runbooks ?? []).map((each) => ({
      kind: 'Runbooks' as const,
      id: each.slug,
      title: each.title,
      note: each.service ?? '',
      href: paths.runbook(each.slug),
    })),
    ...pages.map(([title, href]) => ({ kind: 'Pages' as const, id: href, title, note: '', href })),
  ];
}
