import { inSmall } from './in-small.js'

inSmall('F21B')
// Network namespaces are root's to make.
if (process.getuid?.() === 0) inSmall('F8', 'F9')
