import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../product.js'

/** The phone as its sources are now, where the server looks for it. Before the server starts: it looks once. */
export const buildPhone = () =>
  promisify(execFile)(process.execPath, [join(root, 'packages', 'web', 'build.mjs')])
