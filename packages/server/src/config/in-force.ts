import type { Reading } from './read-settings.js'

/** One setting as an operator may see it. */
export interface SettingInForce {
  readonly name: string
  readonly value: string
  readonly source: 'default' | 'environment' | '.env' | 'file'
  readonly description: string
}

const hidden = '•••'

/** Every setting with its source; of a secret no more than that there is one. */
export const inForce = (readings: readonly Reading[]): readonly SettingInForce[] =>
  readings.map(({ name, setting, source, written }) => {
    const value = written ?? setting.fallback ?? ''
    return {
      name,
      value: setting.secret && value !== '' ? hidden : value,
      source: sourceOf(source),
      description: setting.about,
    }
  })

const sourceOf = (source: string): SettingInForce['source'] =>
  source === 'default' || source === 'environment' || source === '.env' ? source : 'file'
