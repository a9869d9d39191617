import fc from 'fast-check';

/** Properties draw from one seed, so that a run says the same twice; `FAST_CHECK_SEED=random`, or another number, looks elsewhere. */
const wish = process.env.FAST_CHECK_SEED ?? '20261122';
if (wish !== 'random') fc.configureGlobal({ seed: Number(wish) });
