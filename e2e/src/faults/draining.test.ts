import { inSmall } from './in-small.js'

inSmall('F2', 'F12', 'F26')
