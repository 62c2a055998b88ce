const [width, height, frames] = [640, 480, 30]

/** Somebody before a wall in the evening: head and shoulders, who nods. As Chromium takes a camera from: YUV4MPEG2. */
export function portrait(): Buffer {
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`)]
  for (let n = 0; n < frames; n++) {
    const nod = Math.sin((2 * Math.PI * n) / frames) * 3
    parts.push(Buffer.from('FRAME\n'), plane(1, nod, 0), plane(2, nod, 1), plane(2, nod, 2))
  }
  return Buffer.concat(parts)
}

type Colour = readonly [y: number, cb: number, cr: number]
const wall: Colour = [70, 138, 118]
const lamp: Colour = [150, 112, 138]
const skin: Colour = [168, 108, 152]
const hair: Colour = [44, 122, 134]
const coat: Colour = [96, 140, 112]

const mix = (a: Colour, b: Colour, share: number, part: 0 | 1 | 2) => a[part] * (1 - share) + b[part] * share
const within = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1

function plane(step: number, nod: number, part: 0 | 1 | 2): Buffer {
  const pixels = Buffer.alloc((width / step) * (height / step))
  for (let row = 0; row < height / step; row++) {
    for (let column = 0; column < width / step; column++) {
      const [x, y] = [column * step, row * step]
      const glow = Math.max(0, 1 - Math.hypot(x - 500, y - 90) / 420)
      let value = mix(wall, lamp, glow, part)
      if (within(x, y, 320, 560, 230, 220)) value = coat[part]
      if (within(x, y, 320, 385, 48, 70)) value = skin[part]
      if (within(x, y, 320, 218 + nod, 106, 132)) value = hair[part]
      if (within(x, y, 320, 250 + nod, 82, 108)) value = skin[part]
      pixels[row * (width / step) + column] = value
    }
  }
  return pixels
}
