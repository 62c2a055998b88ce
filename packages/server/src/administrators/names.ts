/** A name as it is compared. What PostgreSQL cannot hold is nobody's name. */
export const nameKey = (name: string): string =>
  name.includes('\0') ? '' : name.trim().normalize('NFC').toLowerCase().normalize('NFC')

/** Under which wrong passwords are counted: with a space before it, it is no email. */
export const signInKey = (name: string): string => ` administrator ${nameKey(name)}`

export const secondFactorKey = (id: string): string => ` second factor ${id}`
