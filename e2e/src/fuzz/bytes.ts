/** Bytes as text, one character each (latin1): inputs are kept as JSON, and not every input is Unicode. */
export type Bytes = string

export const utf8 = (text: string): Bytes => Buffer.from(text, 'utf8').toString('latin1')
export const toBuffer = (bytes: Bytes): Buffer => Buffer.from(bytes, 'latin1')
