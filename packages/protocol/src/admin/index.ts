export * from './errors.js'
export * from './identity.js'
export * from './views-settings.js'
export * from './views-users.js'
