import { expect, test } from 'vitest';
import { addressesIn, personName } from '#app/domain/audit/person-names.ts';

const names = { 'ada@studio.example': 'Ada Byron' };

test('somebody with a name is called by it, also where a key acted for them', () => {
  expect(personName('Ada@studio.example', names)).toBe('Ada Byron');
  expect(personName('ada@studio.example (key ci)', names)).toBe('Ada Byron (key ci)');
});

test('whoever has none stays as written', () => {
  for (const who of ['engine', 'media-platform', 'gone@studio.example', 'constructor', 'Unleash: ada@studio.example'])
    expect(personName(who, names)).toBe(who);
});

test('addresses are asked for once each', () => {
  expect(addressesIn(['engine', null, 'Ada@studio.example', 'ada@studio.example (key ci)'])).toEqual([
    'ada@studio.example',
  ]);
});
