/** Nothing was measured at that moment. */
type Value = number | null

/** The smallest round number that nothing goes above: 1, 2 or 5 times a power of ten. */
export function roundedUp(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1, 2, 5, 10].find(each => each * power >= most) ?? 10
  return step * power
}

/** The path of a line through the values, from left to right over the whole width; it breaks where there is none. */
export function linePath(values: readonly Value[], width: number, height: number, most: number): string {
  const step = width / Math.max(1, values.length - 1)
  let isBroken = true
  return values
    .flatMap((value, index) => {
      if (value === null) {
        isBroken = true
        return []
      }
      const x = (index * step).toFixed(1)
      const y = (height - (Math.min(value, most) / most) * height).toFixed(1)
      const move = isBroken ? 'M' : 'L'
      isBroken = false
      return [`${move}${x} ${y}`]
    })
    .join('')
}

/** What lies under the line, for values that all are there. */
export const areaPath = (values: readonly Value[], width: number, height: number, most: number): string =>
  values.length < 2 || values.includes(null)
    ? ''
    : `${linePath(values, width, height, most)}L${width} ${height}L0 ${height}Z`
