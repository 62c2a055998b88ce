/**
 * An email as it is compared: NFC, without case. Written to the outside as its owner wrote it. With a NUL, which
 * PostgreSQL cannot hold, it is nobody's: the empty key.
 */
export const emailKey = (email: string): string =>
  email.includes('\0') ? '' : email.trim().normalize('NFC').toLowerCase().normalize('NFC')
