import type { SettingsView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { usePanel, useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { Choice, Filters } from '../ui/filters.js'
import { Page } from '../ui/page.js'
import { SearchField } from '../ui/search-field.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { Tag } from '../ui/tag.js'

type Setting = SettingsView['settings'][number]

/** What is in force, and where it comes from. */
export function Settings() {
  const { route } = usePanel()
  const { settings: t } = useTexts()
  const { query } = route.place.value
  const loaded = useLoaded<SettingsView>('/settings')
  const [words, source] = [query.get('q')?.toLowerCase() ?? '', query.get('source')]
  const isShown = (setting: Setting) =>
    `${setting.name} ${setting.description}`.toLowerCase().includes(words) &&
    (source === null || setting.source === source)
  return (
    <Page title={t.title} lead={t.lead}>
      <Filters>
        <SearchField name="q" label={t.search} />
        <Choice name="source" label={t.source} options={t.sources} />
      </Filters>
      <Shown of={loaded}>{({ settings }) => <SettingTable settings={settings.filter(isShown)} />}</Shown>
    </Page>
  )
}

function SettingTable({ settings }: { readonly settings: readonly Setting[] }) {
  const { settings: t } = useTexts()
  if (settings.length === 0) return <Empty icon="settings" title={t.empty} />
  return (
    <Table
      caption={t.title}
      rows={settings}
      keyOf={({ name }) => name}
      columns={[
        {
          name: t.name,
          kind: 'main',
          cell: ({ name, description }) => (
            <>
              <code>{name}</code>
              <span class="hint block">{description}</span>
            </>
          ),
        },
        {
          name: t.value,
          kind: 'wide',
          cell: ({ value }) => (value === '' ? <span class="faint">{t.unset}</span> : <code>{value}</code>),
        },
        {
          name: t.source,
          cell: ({ source }) => (
            <Tag tone={source === 'default' ? 'quiet' : 'plain'}>{t.sources[source]}</Tag>
          ),
        },
      ]}
    />
  )
}
