import { z } from 'zod';

/** What a form on a follow-up may wish for. */
export const followUpWish = z.object({ intent: z.enum(['clear', 'back']), id: z.string().min(1).max(100) });
