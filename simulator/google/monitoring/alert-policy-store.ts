import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WirePolicy } from './alert-policy-rules.ts';

/** A policy with all of its fields, those without rules as they came. */
export type StoredPolicy = WirePolicy & Record<string, unknown>;

/** Every policy by its name, in the order they were made; with a file they outlive the process. */
export interface PolicyStore {
  policies: Map<string, StoredPolicy>;
  /** A number that no policy or condition had before. */
  nextId(): string;
  save(): void;
}

/** Opens the policies in `file`; null keeps them in memory. */
export function openPolicyStore(file: string | null): PolicyStore {
  const kept =
    file && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { made: number; policies: StoredPolicy[] })
      : { made: 0, policies: [] };
  const policies = new Map(kept.policies.map((policy) => [policy.name, policy]));
  let { made } = kept;
  return {
    policies,
    nextId: () => String(10n ** 18n + BigInt(++made)),
    save() {
      if (!file) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify({ made, policies: [...policies.values()] }, null, 1));
      renameSync(`${file}.new`, file);
    },
  };
}
