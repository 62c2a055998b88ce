export * from './errors.js'
export * from './identity.js'
export * from './views-calls.js'
