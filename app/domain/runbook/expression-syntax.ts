/** A look-up, a literal, an equality or an `in`: all there is. `at` is the offset in the text. */
export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | Lookup
  | { kind: 'compare'; equal: boolean; left: Expression; right: Expression }
  | { kind: 'in'; left: Expression; options: Expression[] };

/** A dotted path such as `steps.kill-flag.result`. */
export interface Lookup {
  kind: 'lookup';
  path: string[];
  at: number;
}

/** What cannot be read, and at which offset of the text. */
export interface SyntaxProblem {
  message: string;
  at: number;
}

export type Parsed<T> = { ok: true; value: T } | ({ ok: false } & SyntaxProblem);

interface Token {
  kind: 'path' | 'string' | 'number' | 'sign' | 'end';
  text: string;
  at: number;
}

/** Longest expression that is read, in characters. */
const longest = 1_000;
const roots = ['inputs', 'steps', 'incident', 'service'];
const tokenPattern =
  /\s*(?:([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|(==|!=|[[\],]))/y;

/** Parses one expression; never throws. */
export function parseExpression(text: string): Parsed<Expression> {
  try {
    if (text.length > longest) throw problem(`An expression has at most ${longest} characters`, longest);
    const tokens = tokenise(text);
    const reader = { tokens, index: 0 };
    const left = operand(reader);
    const value = comparison(reader, left);
    const rest = peek(reader);
    if (rest.kind !== 'end')
      throw problem(`"${rest.text}" is not expected here: one comparison is all there is`, rest.at);
    return { ok: true, value };
  } catch (error) {
    if (isProblem(error)) return { ok: false, ...error };
    throw error;
  }
}

function comparison(reader: Reader, left: Expression): Expression {
  const token = peek(reader);
  if (token.text === '==' || token.text === '!=') {
    reader.index++;
    return { kind: 'compare', equal: token.text === '==', left, right: operand(reader) };
  }
  if (token.kind !== 'path' || token.text !== 'in') return left;
  reader.index++;
  expect(reader, '[');
  const options: Expression[] = [operand(reader)];
  while (peek(reader).text === ',') {
    reader.index++;
    options.push(operand(reader));
  }
  expect(reader, ']');
  return { kind: 'in', left, options };
}

function operand(reader: Reader): Expression {
  const token = peek(reader);
  reader.index++;
  if (token.kind === 'string') return { kind: 'literal', value: token.text.slice(1, -1).replace(/\\(.)/g, '$1') };
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token.kind !== 'path')
    throw problem(token.kind === 'end' ? 'The expression ends too early' : `"${token.text}" is not a value`, token.at);
  if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
  if (token.text === 'null') return { kind: 'literal', value: null };
  const path = token.text.split('.');
  if (!roots.includes(path[0]!))
    throw problem(`"${path[0]}" is not known: look-ups start with ${roots.join(', ')}`, token.at);
  if (path.length < 2) throw problem(`"${token.text}" needs a name after it, such as ${token.text}.id`, token.at);
  return { kind: 'lookup', path, at: token.at };
}

interface Reader {
  tokens: Token[];
  index: number;
}

function peek(reader: Reader): Token {
  return reader.tokens[Math.min(reader.index, reader.tokens.length - 1)]!;
}

function expect(reader: Reader, sign: string): void {
  const token = peek(reader);
  if (token.text !== sign) throw problem(`"${sign}" is expected here`, token.at);
  reader.index++;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  let position = 0;
  while (position < end) {
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(text);
    if (!match) {
      const at = position + (text.slice(position).length - text.slice(position).trimStart().length);
      throw problem(`"${text[at]}" is not understood: only look-ups, ==, != and in [ … ] are`, at);
    }
    const value = match[1] ?? match[2] ?? match[3] ?? match[4]!;
    const kind = match[1] ? 'path' : match[2] ? 'string' : match[3] ? 'number' : 'sign';
    position = tokenPattern.lastIndex;
    tokens.push({ kind, text: value, at: position - value.length });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

function problem(message: string, at: number): SyntaxProblem {
  return { message: `${message}.`, at };
}

function isProblem(error: unknown): error is SyntaxProblem {
  return typeof error === 'object' && error !== null && 'at' in error && 'message' in error;
}

/** A text with `${{ … }}` in it, cut into literal text and expressions. */
export type Template = (string | Expression)[];

/** Cuts a text at its `${{ … }}`; offsets of problems and look-ups count from the start of `text`. */
export function parseTemplate(text: string): Parsed<Template> {
  const parts: Template = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('${{', from);
    if (open < 0) break;
    if (open > from) parts.push(text.slice(from, open));
    const close = closing(text, open + 3);
    if (close < 0) return { ok: false, message: 'This expression is never closed by }}.', at: open };
    const inner = parseExpression(text.slice(open + 3, close));
    if (!inner.ok) return { ...inner, at: inner.at + open + 3 };
    parts.push(shifted(inner.value, open + 3));
    from = close + 2;
  }
  if (from < text.length || parts.length === 0) parts.push(text.slice(from));
  return { ok: true, value: parts };
}

/** Offset of the `}}` that closes, outside quotes; -1 when there is none. */
function closing(text: string, from: number): number {
  let quote = '';
  for (let index = from; index < text.length; index++) {
    const character = text[index]!;
    if (quote) {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '}' && text[index + 1] === '}') return index;
  }
  return -1;
}

function shifted(expression: Expression, by: number): Expression {
  switch (expression.kind) {
    case 'literal':
      return expression;
    case 'lookup':
      return { ...expression, at: expression.at + by };
    case 'compare':
      return { ...expression, left: shifted(expression.left, by), right: shifted(expression.right, by) };
    case 'in':
      return {
        ...expression,
        left: shifted(expression.left, by),
        options: expression.options.map((option) => shifted(option, by)),
      };
  }
}

/** Every look-up in an expression. */
export function lookups(expression: Expression): Lookup[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'lookup':
      return [expression];
    case 'compare':
      return [...lookups(expression.left), ...lookups(expression.right)];
    case 'in':
      return [expression.left, ...expression.options].flatMap(lookups);
  }
}
