import { buildSchema, isEnumType } from 'graphql';
import { expect, test } from 'vitest';
import sdl from '../../../schema.graphql?raw';
import ar from './ar.json';
import en from './en.json';
import it from './it.json';

/** Names of all texts, plural forms told by their stem. */
function namesOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`${prefix}${name.replace(/_(zero|one|two|few|many|other)$/, '')}`]
      : namesOf(value as object, `${prefix}${name}.`),
  );
}

test.each([
  ['it', it],
  ['ar', ar],
])('every text of the page is there in %s, and none too many', (_language, texts) => {
  expect(new Set(namesOf(texts))).toEqual(new Set(namesOf(en)));
});

test.each([
  ['en', en, ['one', 'other']],
  ['it', it, ['one', 'many', 'other']],
  ['ar', ar, ['zero', 'one', 'two', 'few', 'many', 'other']],
] as const)('every count has all the forms of %s', (_language, texts, forms) => {
  const found = Object.keys(texts.thread).filter((name) => name.startsWith('unseen_'));
  expect(found.map((name) => name.replace('unseen_', '')).sort()).toEqual([...forms].sort());
});

const WORDS_OF = {
  ConversationStatus: 'status',
  WaitingOn: 'waitingOn',
  ResolutionReason: 'reasons',
  MessageStatus: 'delivery',
  Role: 'roles',
  SupportNumberKind: 'numberKinds',
  ChannelAccountStatus: 'accountStatus',
  ChannelVerdict: 'verdicts',
  CallbackOutcome: 'outcomes',
  AlertKind: 'alertKinds',
  ConsentStatus: 'consent',
  ConsentSource: 'consentSources',
  ConsentScope: 'consentScopes',
  AutomatedMessageTrigger: 'answers',
  ForgeryReason: 'forgeries',
  SetupStepName: 'setupSteps',
  AuditOutcome: 'auditOutcomes',
} as const;

test('every word of the schema that a screen shows has a text', () => {
  const schema = buildSchema(sdl);
  for (const [name, section] of Object.entries(WORDS_OF)) {
    const type = schema.getType(name);
    const words = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    expect(words.length, name).toBeGreaterThan(0);
    expect(Object.keys(en[section]), name).toEqual(expect.arrayContaining(words));
  }
});
