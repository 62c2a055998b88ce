import { inSmall } from './in-small.js'

inSmall('F6', 'F7', 'F8', 'F9', 'F14', 'F21B', 'F28')
