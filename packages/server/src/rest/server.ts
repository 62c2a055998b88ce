import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import Type from 'typebox'
import { systemClock } from '../clock.js'
import type { Way } from '../http/proxies.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { authenticate, tokenOf } from './authorization.js'
import type { RestApp, RestDeps } from './deps.js'
import { docsRoutes } from './docs.js'
import { failureHandler } from './failure.js'
import { guardRequests } from './guard.js'
import { guideRoutes } from './guide.js'
import { readBody } from './json-body.js'
import { type RestMeasures, restMeasures } from './measures.js'
import { describeRoutes } from './openapi.js'
import { phoneRoutes } from './phone.js'
import { logRequests } from './request-log.js'
import { accountRoutes } from './routes/accounts.js'
import { blockRoutes } from './routes/blocks.js'
import { callRoutes } from './routes/calls.js'
import { contactRoutes } from './routes/contacts.js'
import { healthRoutes } from './routes/health.js'
import { passwordRoutes } from './routes/passwords.js'
import { sessionRoutes } from './routes/sessions.js'
import { settingsRoutes } from './routes/settings.js'
import { traceRequests } from './trace.js'
import { validatorCompiler } from './validation.js'

export type { RestDeps } from './deps.js'

/**
 * The REST API on an HTTP server of its own, not yet listening. Signaling attaches its upgrade handler to `server`
 * (`/signal`), and closes those sockets itself.
 */
export function createRest(deps: RestDeps): FastifyInstance {
  const measures = restMeasures(deps.meter)
  const app = createServer(deps, measures)
  measures.watch(app)
  logRequests(app, deps.log)
  if (deps.tracer) traceRequests(app, deps.tracer, deps.clock ?? systemClock)
  guardRequests(app, deps)
  describeRoutes(app)
  app.register(async scope => {
    const api = scope as unknown as RestApp
    healthRoutes(api, deps)
  })
  app.register(async scope => {
    const api = scope as unknown as RestApp
    protect(api, deps)
    accountRoutes(api, deps)
    sessionRoutes(api, deps)
    passwordRoutes(api, deps)
    contactRoutes(api, deps)
    blockRoutes(api, deps)
    callRoutes(api, deps)
    settingsRoutes(api, deps)
  })
  docsRoutes(app, deps.guide)
  if (deps.guide !== undefined) guideRoutes(app, deps.guide)
  if (deps.site !== undefined) phoneRoutes(app, deps.site)
  return app as unknown as FastifyInstance
}

function createServer({ config, log, newId, createServer }: RestDeps, measures: RestMeasures): RestApp {
  const onFailure = failureHandler(log, measures.refused)
  const options = {
    serverFactory: createServer,
    clientErrorHandler: () => {}, // the server has its own
    logger: false,
    genReqId: () => newId(),
    bodyLimit: limits.bodyBytes,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    exposeHeadRoutes: false,
    return503OnClosing: false, // what arrives while we close is still answered, and told to close
    frameworkErrors: onFailure,
  } as const
  const app = fastify(options) as unknown as RestApp
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  const parser = async (request: FastifyRequest, bytes: Buffer) => readBody(request, bytes)
  app.addContentTypeParser('*', { parseAs: 'buffer' }, parser)
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(onFailure)
  app.decorateRequest('access', null)
  app.decorateRequest('clientAddress', null)
  return app
}

const noParameters = Type.Object({}, { additionalProperties: false })

/** Every route of the scope asks for a token, unless it declares itself public; and takes no parameter it does not name. */
function protect(api: RestApp, { sessions, config, way }: RestDeps) {
  if (config.securityProfile === 'strict') api.addHook('onRequest', refusePlainHttp(way))
  const hooks = {
    token: authenticate(sessions),
    // What it is good for is judged with the body; that there is one, before.
    reset_token: async (request: FastifyRequest) => void tokenOf(request),
  }
  api.addHook('onRoute', route => {
    const access = route.config?.operation?.access ?? 'token'
    if (access !== 'public') route.onRequest = hooks[access]
    route.schema = { querystring: noParameters, ...route.schema }
  })
}

/** Strict profile: passwords and tokens travel encrypted, at least to a proxy of ours (contract section 1). */
const refusePlainHttp = (way: Way) => async (request: FastifyRequest) => {
  if (!way.isProtected(request.raw)) throw new Refusal('invalid_request', 'This server takes HTTPS only')
}
