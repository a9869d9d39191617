/** What a run left behind, until somebody clears it. */
export interface FollowUp {
  id: string;
  kind: 'flag-killed' | 'flag-cleanup' | 'traffic-pinned' | 'sign-off' | 'other';
  /** Same key as the target lock: `flag/production/voiceover-v2`, `traffic/voiceover`. */
  target: string;
  title: string;
  service: string | null;
  owner: string | null;
  incidentId: string | null;
  runId: string | null;
  openedAt: number;
  dueAt: number | null;
  clearedAt: number | null;
  clearedBy: string | null;
  /** Why it was cleared, where nobody pressed a button; absent otherwise. */
  clearReason?: string;
  /** The run that leads back (restore the flag, LATEST), offered as one click; null when there is none. */
  wayBack: { template: string; label: string; inputs: Record<string, string> } | null;
}
