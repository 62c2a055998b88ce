/** A number in groups that can be read aloud; what is not digits alone stays as it is. */
export function writeNumber(number: string): string {
  if (!/^\d{6,15}$/.test(number)) return number
  const groups: string[] = []
  let rest = number
  while (rest.length > 4) {
    groups.push(rest.slice(0, 3))
    rest = rest.slice(3)
  }
  return [...groups, rest].join(' ')
}

/** What may be typed of a number, as the server takes it. */
export const isNumber = (text: string): boolean => {
  const digits = text.replaceAll(/\D/g, '').length
  return /^\+?[\d\s.()-]+$/.test(text.trim()) && digits >= 3 && digits <= 15
}
