import type { ApprovalRule } from '../approval/rule.ts';
import type { RolloutPlan } from '../rollout/plan.ts';
import type { FlagWritten } from './written.ts';

/** A flag as declared in `flags/*.yaml`. */
export interface FlagDeclaration {
  name: string;
  title: string;
  description: string;
  type: 'release' | 'experiment' | 'operational' | 'kill-switch' | 'permission';
  /** People (emails) or teams that may turn it. */
  owners: string[];
  service: string;
  /** SLO ids it can burn. */
  slos: string[];
  safe: SafeState;
  /**
   * Environments it exists in, as its file has them; `isProtected` says where changes are gated, `approvals` by whom,
   * `strategies` what it begins with where it has none.
   */
  environments: {
    name: string;
    protected: boolean;
    approvals?: ApprovalRule;
    strategies?: Omit<FlagStrategy, 'id'>[];
  }[];
  /** ISO date. */
  expires: string | null;
  /** Cloud Monitoring source with labels `enabled`, `response_code_class` and, for cohorts of a variant, `variant`; null when there is none. */
  cohort: { project: string; filter: string } | null;
  /** How it is rolled out under guard; absent where its file plans nothing. */
  rollout?: RolloutPlan;
  /** Where it is written; absent in catalogs stored before that was kept. */
  written?: FlagWritten;
}

/** What a kill brings the flag to. A fallback flag is safe when on. */
export type SafeState = { state: 'off' } | { state: 'on' } | { state: 'variant'; variant: string };

/** One activation strategy as Unleash stores it; every parameter is a string. */
export interface FlagStrategy {
  id: string;
  name: string;
  title?: string | null;
  disabled?: boolean;
  parameters: Record<string, string>;
  constraints: unknown[];
  segments: number[];
  variants: { name: string; weight: number; weightType?: string; stickiness?: string; payload?: unknown }[];
}

/** A flag in one environment, as last read. */
export interface FlagEnvironmentState {
  flag: string;
  environment: string;
  enabled: boolean;
  strategies: FlagStrategy[];
}

/** A flag over all its environments, as last read from Unleash. */
export interface FlagState {
  flag: string;
  description: string;
  type: string;
  stale: boolean;
  archived: boolean;
  createdAt: number;
  /** Flags whose parent this is: they die with it. */
  children: string[];
  parents: string[];
  /** How it needs a parent, where that is not simply on. */
  parentNeeds?: Record<string, 'off' | 'a variant'>;
  environments: FlagEnvironmentState[];
  lastSeenAt: number | null;
}

/** An application that evaluates a flag, from Unleash's instance and usage reports. */
export interface FlagUsage {
  application: string;
  instances: number;
  /** False while Unleash knows no instance of it at all: it writes them down some time after what they evaluated. */
  registered?: boolean;
  /** Poll interval that covers 95 % of the instances, seconds; null when unknown. */
  pollSeconds: number | null;
  /** Yes and no counts of the running clock hour, cumulative. */
  yes: number;
  no: number;
  hour: number;
  /** Counts of the hour before: late reports still land there. */
  previousHour?: { yes: number; no: number; hour: number };
  /** Longest time between two usage reports of an instance, seconds; null when unknown. */
  reportSeconds?: number | null;
  /** How many instances run which SDK: `unleash-client-node:6.12.1`. */
  sdks?: Record<string, number>;
}

/** The five layers of a kill's receipt, in order. */
const receiptLayers = ['accepted', 'recorded', 'served', 'witnessed', 'obeyed'] as const;
export type ReceiptLayer = (typeof receiptLayers)[number];

export type ReceiptEnd = 'confirmed' | 'partly' | 'unconfirmed' | 'contradicted' | 'unobservable';

/** A kill's receipt: each layer with its time and words, then one honest end. */
export interface Receipt {
  flag: string;
  environment: string;
  /** What evaluations must answer after the change. */
  expected: boolean;
  layers: { layer: ReceiptLayer; at: number | null; text: string }[];
  applications: { application: string; obeyed: boolean | null; text: string }[];
  deadline: number;
  end: ReceiptEnd | null;
  /** True when not everybody is to get the expected answer (a restore to 25 %): other answers then contradict nothing. */
  partial?: boolean;
  /** What the rules remember between two looks; nothing for people. */
  memory?: ReceiptMemory;
}

/** What a receipt remembers between two looks. Times are data time, ms. */
export interface ReceiptMemory {
  /** Longest time between two usage reports of an SDK that does not tell its own. */
  reportMs: number;
  /** How long a report may lie in Unleash before it can be read, data ms. */
  slackMs: number;
  /** When usage was last read; null before the first reading. */
  lookedAt: number | null;
  applications: Record<string, ApplicationWatch>;
}

/** What is known of one application since the change. */
export interface ApplicationWatch {
  instances: number;
  registered?: boolean;
  pollSeconds: number | null;
  reportSeconds: number | null;
  /** How many instances run which SDK; absent in receipts of before. */
  sdks?: Record<string, number>;
  /** Last counts by clock hour. */
  hours: Record<string, { yes: number; no: number }>;
  /** Evaluations with the expected answer since the last wrong one, and when they were last seen to grow. */
  right: number;
  /** Evaluations with the other answer since the change was served. */
  wrong: number;
  lastWrongAt: number | null;
}
