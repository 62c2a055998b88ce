/** `GET /api/settings`: of the node that answers. */
export interface SettingsView {
  readonly settings: readonly SettingRow[]
}

export interface SettingRow {
  readonly name: string
  /** As it was written; empty: nothing is set. Of a secret only that there is one. */
  readonly value: string
  readonly source: 'default' | 'environment' | '.env' | 'file'
  readonly description: string
}
