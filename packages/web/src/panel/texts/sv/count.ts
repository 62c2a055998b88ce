/** Things with their number, in Swedish. */
export const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('sv-SE')} ${n === 1 ? one : many}`
