/**
 * Counts the characters that a function looks at through `String` and `RegExp`, and the items it searches an array for, in
 * place of wall time: the count is the same on every machine, and a quadratic parser shows in it at once.
 */
export function countWork(run: () => void): number {
  let work = 0;
  const text = String.prototype;
  const original = {
    charCodeAt: text.charCodeAt,
    charAt: text.charAt,
    indexOf: text.indexOf,
    includes: text.includes,
    slice: text.slice,
    startsWith: text.startsWith,
    exec: RegExp.prototype.exec,
  };
  const { some, find } = Array.prototype;
  const counting = (original: typeof some) =>
    function (this: unknown[], test: (value: unknown, index: number, all: unknown[]) => unknown, self?: unknown) {
      return original.call(this, (value, index, all) => {
        work++;
        return test.call(self, value, index, all);
      });
    };
  Object.assign(Array.prototype, { some: counting(some), find: counting(find as typeof some) });
  text.charCodeAt = function (this: string, at) {
    work++;
    return original.charCodeAt.call(this, at);
  };
  text.charAt = function (this: string, at) {
    work++;
    return original.charAt.call(this, at);
  };
  text.indexOf = function (this: string, search, from = 0) {
    const found = original.indexOf.call(this, search, from);
    work += 1 + Math.max(0, (found < 0 ? this.length : found) - from);
    return found;
  };
  text.includes = function (this: string, search, from = 0) {
    return text.indexOf.call(this, search as string, from) >= 0;
  };
  text.slice = function (this: string, from, to) {
    work++;
    return original.slice.call(this, from, to);
  };
  text.startsWith = function (this: string, search, at) {
    work += search.length;
    return original.startsWith.call(this, search, at);
  };
  RegExp.prototype.exec = function (this: RegExp, input) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = original.exec.call(this, input);
    const to = match ? match.index + match[0].length : this.sticky ? from + 1 : input.length;
    work += 1 + Math.max(0, to - from);
    return match;
  };
  try {
    run();
  } finally {
    Object.assign(Array.prototype, { some, find });
    Object.assign(text, {
      charCodeAt: original.charCodeAt,
      charAt: original.charAt,
      indexOf: original.indexOf,
      includes: original.includes,
      slice: original.slice,
      startsWith: original.startsWith,
    });
    RegExp.prototype.exec = original.exec;
  }
  return work;
}
