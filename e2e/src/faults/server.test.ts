import { inSmall } from './in-small.js'

inSmall('F1', 'F21', 'F22', 'F23', 'F24')
