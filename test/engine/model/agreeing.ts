import type fc from 'fast-check';

/** A command of a model test, after which the reference and the engine have to agree. */
export function agreeing<Model extends object, Real extends { agrees(model: Model): Promise<void> }>(
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): fc.AsyncCommand<Model, Real> {
  return {
    check,
    async run(model, real) {
      await run(model, real);
      await real.agrees(model);
    },
    toString: () => name,
  };
}
