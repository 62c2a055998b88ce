import { useData } from 'vitepress'
import Theme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import { base } from '../base.mjs'
import 'virtual:tokens.css'
import './look.css'

/** On the server itself there are the API to try and the phone; elsewhere there are not. */
const neighbours = () =>
  h('nav', { class: 'neighbours', 'aria-label': 'On this server' }, [
    h('a', { href: '/docs', target: '_self' }, 'Try the API'),
    h('a', { href: '/', target: '_self' }, 'The phone'),
  ])

export default {
  extends: Theme,
  Layout: {
    setup() {
      const { site } = useData()
      const slots = site.value.base === base ? { 'nav-bar-content-after': neighbours } : {}
      return () => h(Theme.Layout, null, slots)
    },
  },
}
