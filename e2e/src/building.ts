import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './product.js'

/** The phone and the panel as their sources are now, where the server looks for it. Before the server starts: it looks once. */
export const buildPages = () =>
  promisify(execFile)(process.execPath, [join(root, 'packages', 'web', 'build.mjs')])
