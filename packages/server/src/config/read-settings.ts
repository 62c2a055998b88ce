import { parseEnv } from 'node:util'
import { BadValue, ConfigError } from './config-error.js'
import { isEncrypted, type Reveal, revealer } from './encrypted.js'
import type { Environment, ReadFile } from './environment.js'
import { type Setting, type SettingName, settings } from './settings.js'

/** One variable as it was found. */
export interface Reading {
  readonly name: SettingName
  readonly setting: Setting
  /** `default`, `environment`, `.env`, or the file that NAME_FILE names. */
  readonly source: string
  /** As it was written, or before it was encrypted; undefined when it is the default. */
  readonly written: string | undefined
  /** By dotenvx, where it stands. */
  readonly encrypted: boolean
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
  const outside = { layers, readFile, reveal: revealer(env, readFile) }
  return Object.entries<Setting>(settings).map(([name, setting]) =>
    readSetting(name as SettingName, setting, outside),
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

interface Outside {
  readonly layers: readonly Layer[]
  readonly readFile: ReadFile
  readonly reveal: Reveal
}

function readSetting(name: SettingName, setting: Setting, outside: Outside): Reading {
  const nothing = { written: undefined, encrypted: false, value: undefined, fault: undefined }
  const reading = { name, setting, source: 'default', ...nothing }
  try {
    const found = find(name, setting, outside)
    const text = found?.text ?? setting.fallback
    const source = found?.source ?? 'default'
    if (text === undefined) return reading
    try {
      const { text: written, encrypted = false } = found ?? {}
      return { ...reading, source, written, encrypted, value: setting.parse(text) }
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
function find(name: string, setting: Setting, { layers, readFile, reveal }: Outside) {
  for (const { source, values } of layers) {
    const encrypted = isEncrypted(values[name] ?? '')
    const text = written(reveal(name, values[name] ?? ''), setting)
    const path = setting.secret
      ? reveal(`${name}_FILE`, values[`${name}_FILE`] ?? '').trim() || undefined
      : undefined
    if (text !== undefined && path !== undefined)
      throw new ConfigError(name, `is set beside ${name}_FILE; set one of the two`)
    if (path !== undefined) {
      const inFile = readSecret(name, path, readFile)
      return {
        text: reveal(`${name}_FILE`, inFile),
        source: `file ${path}`,
        encrypted: isEncrypted(inFile),
      }
    }
    if (text !== undefined) return { text, source, encrypted }
  }
  return undefined
}

function written(value: string, setting: Setting): string | undefined {
  const trimmed = value.trim()
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
