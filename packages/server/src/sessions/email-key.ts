/** An email as it is compared: NFC, without case. Written to the outside as its owner wrote it. */
export const emailKey = (email: string): string =>
  email.trim().normalize('NFC').toLowerCase().normalize('NFC')
