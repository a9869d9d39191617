import type { Json } from './json.ts';

/** People, their keys and what they look at. */
export interface PeopleTables {
  api_key: {
    id: string;
    prefix: string;
    hash: string;
    name: string;
    owner: string;
    scopes: Json<string[]>;
    /** Wall clock. */
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
  presence: {
    /** The page looked at: a path. */
    path: string;
    email: string;
    name: string;
    /** Wall clock. */
    seen_at: number;
  };
  user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    image: string | null;
    createdAt: Date;
    updatedAt: Date;
    role: string | null;
    banned: boolean | null;
    banReason: string | null;
    banExpires: Date | null;
    teams: string | null;
  };
  account: {
    id: string;
    userId: string;
    accountId: string;
    providerId: string;
    /** Hash; never the password. */
    password: string | null;
  };
  session: {
    id: string;
    userId: string;
    token: string;
    expiresAt: Date;
    createdAt: Date;
    updatedAt: Date;
    ipAddress: string | null;
    userAgent: string | null;
    impersonatedBy: string | null;
  };
}
