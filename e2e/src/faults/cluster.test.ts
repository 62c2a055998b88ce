import { inSmall } from './in-small.js'

inSmall('F6', 'F7', 'F14', 'F28')
