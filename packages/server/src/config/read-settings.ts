import { parseEnv } from 'node:util'
import { BadValue, ConfigError } from './config-error.js'
import { type Setting, type SettingName, settings } from './settings.js'

export type Environment = Readonly<Record<string, string | undefined>>
/** Gives a file's text, or throws an error with a `code`, as `readFileSync` does. */
export type ReadFile = (path: string) => string

/** One variable as it was found. */
export interface Reading {
  readonly name: SettingName
  readonly setting: Setting
  /** `default`, `environment`, `.env`, or the file that NAME_FILE names. */
  readonly source: string
  /** As it was written; undefined when it is the default. */
  readonly written: string | undefined
  readonly value: unknown
  readonly fault: ConfigError | undefined
}

interface Layer {
  readonly source: string
  readonly values: Environment
}

/** Reads every variable; the real environment wins over `.env` in the working directory. */
export function readSettings(env: Environment, readFile: ReadFile): readonly Reading[] {
  const layers = [
    { source: 'environment', values: env },
    { source: '.env', values: readDotEnv(readFile) },
  ]
  return Object.entries<Setting>(settings).map(([name, setting]) =>
    readSetting(name as SettingName, setting, layers, readFile),
  )
}

/** What `.env` says; nothing when there is no such file. */
export function readDotEnv(readFile: ReadFile): Environment {
  try {
    return parseEnv(readFile('.env').replace(/^\uFEFF/, ''))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw new ConfigError('.env', `cannot be read (${codeOf(error)})`)
  }
}

function readSetting(
  name: SettingName,
  setting: Setting,
  layers: readonly Layer[],
  readFile: ReadFile,
): Reading {
  const reading = { name, setting, source: 'default', written: undefined, value: undefined, fault: undefined }
  try {
    const found = find(name, setting, layers, readFile)
    const text = found?.text ?? setting.fallback
    const source = found?.source ?? 'default'
    if (text === undefined) return reading
    try {
      return { ...reading, source, written: found?.text, value: setting.parse(text) }
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      throw new ConfigError(name, `${shown(text, setting)} ${error.message}; for example ${setting.example}`)
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { ...reading, fault: error }
  }
}

/** The nearest layer that says something. Empty counts as unset. */
function find(name: string, setting: Setting, layers: readonly Layer[], readFile: ReadFile) {
  for (const { source, values } of layers) {
    const text = written(values[name], setting)
    const path = setting.secret ? values[`${name}_FILE`]?.trim() || undefined : undefined
    if (text !== undefined && path !== undefined)
      throw new ConfigError(name, `is set beside ${name}_FILE; set one of the two`)
    if (path !== undefined) return { text: readSecret(name, path, readFile), source: `file ${path}` }
    if (text !== undefined) return { text, source }
  }
  return undefined
}

function written(value: string | undefined, setting: Setting): string | undefined {
  const trimmed = value?.trim()
  if (!trimmed) return undefined
  return setting.secret ? value : trimmed // a secret is what it is, spaces included
}

function readSecret(name: string, path: string, readFile: ReadFile): string {
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    throw new ConfigError(`${name}_FILE`, `${quoted(path)} cannot be read (${codeOf(error)})`)
  }
  const value = text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
  if (value.trim() === '') throw new ConfigError(`${name}_FILE`, `${quoted(path)} is empty`)
  return value
}

const shown = (value: string, setting: Setting) => (setting.secret ? 'the value (not shown)' : quoted(value))

/** On one line, whatever it holds, and not too long. */
const quoted = (value: string) => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value)

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
