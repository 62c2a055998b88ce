/**
 * The wire's version. `version.test.ts` fails when a message or REST body changes without a new number here.
 * 1: the first.
 */
export const PROTOCOL_VERSION = 1
