import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAlerts } from '#app/domain/openslo/alerts.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import { cloudMonitoringSlo } from '#app/domain/slo-export/cloud-monitoring-slo.ts';
import { importDocument } from '#app/domain/slo-import/import-document.ts';
import type { SourceDocument } from '#app/domain/yaml/document.ts';
import { readJson } from '#app/domain/yaml/json.ts';
import { anyHeld, inputOf } from './make.ts';

test('what Cloud Monitoring holds comes back as it went', () => {
  fc.assert(
    fc.property(anyHeld, (slo) => {
      const { resources, losses } = cloudMonitoringSlo(inputOf(slo));
      expect(losses).toEqual([]);
      const { document } = readJson(JSON.stringify(resources!.slo), 'slo.json');
      const { documents, problems } = importDocument(document!, { days: 30, owner: null });
      expect(problems.filter(({ message }) => !message.startsWith('Windows become Timeslices'))).toEqual([]);
      const sources: SourceDocument[] = documents.map((value) => ({
        file: 'out.yaml',
        value,
        place: () => ({ line: 1, column: 1 }),
      }));
      const read = readAlerts(sources, fileReach);
      expect(read.problems).toEqual([]);
      expect(read.declared.map(({ value }) => value)).toEqual([slo]);
    }),
    { numRuns: 300 },
  );
});
