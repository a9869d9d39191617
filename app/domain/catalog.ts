import type { Dashboard } from './dashboard/dashboard.ts';
import type { Endpoint } from './endpoint/endpoint.ts';
import type { FlagDeclaration } from './flag/flag.ts';
import type { PanicSet } from './panic/panic-set.ts';
import type { Rehearsal } from './rehearsal/rehearsal.ts';
import type { Problem, Runbook } from './runbook/runbook.ts';
import type { Service } from './service/service.ts';
import type { DataSource } from './slo/data-source.ts';
import type { BurnProfile, Slo } from './slo/slo.ts';

/** One file of a content folder; `path` is relative to the catalog and uses slashes. */
export interface ContentFile {
  folder: 'alerts' | 'dashboards' | 'flags' | 'runbooks';
  path: string;
  text: string;
  /** SHA-256 of the bytes, hex. */
  digest: string;
}

/** Everything the content folders declare, validated. Problems are kept: a broken file costs itself, not the catalog. */
export interface Catalog {
  /** SHA-256 over all files. */
  digest: string;
  organisation: string;
  /** IANA time zone in which the organisation counts its months; UTC unless declared. */
  timeZone?: string;
  /** Hosts outside that endpoints may be at; absent, like `endpoints`, in catalogs stored before there were any. */
  hosts?: string[];
  /** Addresses outside that actions may call, by name. */
  endpoints?: Endpoint[];
  services: Service[];
  slos: Slo[];
  /** Burn profiles resolved per SLO id. */
  profiles: Record<string, BurnProfile>;
  /** Where the numbers come from; absent in catalogs stored before they were kept. */
  sources?: DataSource[];
  flags: FlagDeclaration[];
  /** What is made safe at once; absent in catalogs stored before there were any. */
  panicSets?: PanicSet[];
  runbooks: Runbook[];
  /** Stories that runbooks are rehearsed by; absent in catalogs stored before there were any. */
  rehearsals?: Rehearsal[];
  /** Google dashboards, as read; absent in catalogs stored before they were. */
  dashboards?: Dashboard[];
  problems: Problem[];
}
