import type { Generated } from 'kysely';
import type { ContentFile } from '../../domain/catalog.ts';
import type { Change } from '../../domain/change/change.ts';
import type { Json, JsonOrNull } from './json.ts';

/** What is declared, and what was seen of the world. */
export interface CatalogTables {
  catalog_version: {
    id: Generated<number>;
    digest: string;
    loaded_at: number;
    content: Json<unknown>;
    /** The files it was made of, kept of the newest version only. */
    files: JsonOrNull<ContentFile[]>;
  };
  runbook_text: {
    slug: string;
    digest: string;
    title: string;
    service: string | null;
    slos: string[];
    words: string;
    changed_at: number | null;
    /** Made in SQL, only searched. */
    search: string;
  };
  change: {
    id: string;
    source: Change['source'];
    external_id: string;
    kind: Change['kind'];
    at: number;
    service: string | null;
    environment: string | null;
    target: string;
    title: string;
    actor: string | null;
    commit: string | null;
    url: string | null;
    before: JsonOrNull<unknown>;
    after: JsonOrNull<unknown>;
    recorded_at: number;
  };
  observation: {
    /** The outside system: unleash, cloud-run, cloud-monitoring, cloud-logging, pagerduty. */
    source: string;
    /** What was read: `flags`, `service/voiceover`, `oncall/voiceover`, `failures/voiceover-availability`, … */
    key: string;
    value: JsonOrNull<unknown>;
    /** Time of the last success; null before the first. */
    at: number | null;
    error: string | null;
    error_at: number | null;
  };
  cursor: { name: string; value: Json<unknown> };
}
