/** Strokes on a grid of 24. */
const paths = {
  contacts: 'M16 11a4 4 0 1 0-8 0 4 4 0 0 0 8 0ZM4.5 20.5c1.2-3 4-4.5 7.5-4.5s6.3 1.5 7.5 4.5',
  recents: 'M12 7.5V12l3 2M3.5 12a8.5 8.5 0 1 0 2.6-6.1M3.5 4.5v4h4',
  keypad: 'M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01M12 21.5h.01',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 7m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M9 17m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  call: 'M6.2 3.8 8.6 3.4a1.4 1.4 0 0 1 1.5.9l1 2.8a1.4 1.4 0 0 1-.4 1.5L9.3 9.9a11.5 11.5 0 0 0 4.8 4.8l1.3-1.4a1.4 1.4 0 0 1 1.5-.4l2.8 1a1.4 1.4 0 0 1 .9 1.5l-.4 2.4a2.2 2.2 0 0 1-2.4 1.8C10.5 19 5 13.5 4.4 6.2a2.2 2.2 0 0 1 1.8-2.4Z',
  video:
    'M4.5 6.5h9a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5ZM15 10.8l6-3.3v9l-6-3.3',
  videoOff:
    'M10.5 6.5h3A1.5 1.5 0 0 1 15 8v3l6-3.5v9l-2-1.1M15 15.5V16a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5M3 3l18 18',
  hangUp:
    'M3.5 14.5c-.6-1 -.5-2.2.4-3C6 9.6 8.8 8.5 12 8.5s6 1.1 8.1 3c.9.8 1 2 .4 3l-.7 1.1c-.3.6-1 .8-1.6.6l-2.6-.9c-.6-.2-1-.7-1-1.3v-1.6a11 11 0 0 0-5.2 0V14c0 .6-.4 1.1-1 1.3l-2.6.9c-.6.2-1.3 0-1.6-.6Z',
  microphone:
    'M12 3.5a2.8 2.8 0 0 1 2.8 2.8v5.4a2.8 2.8 0 0 1-5.6 0V6.3A2.8 2.8 0 0 1 12 3.5ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  microphoneOff:
    'M9.2 9.5v2.2a2.8 2.8 0 0 0 4.5 2.2M14.8 11V6.3a2.8 2.8 0 0 0-5.4-1M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3M3 3l18 18',
  hold: 'M9 5.5v13M15 5.5v13',
  devices: 'M5 9v6h3.5l4.5 4V5L8.5 9H5ZM16.5 9a4.2 4.2 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11',
  fullScreen: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  add: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  delete: 'M9 5.5h11a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H9l-6-6.5ZM11.5 9.5l5 5M16.5 9.5l-5 5',
  outgoing: 'M7 17 17 7M9 7h8v8',
  incoming: 'M17 7 7 17M15 17H7V9',
  missed: 'M4 8l7 7 9-9M14 6h6v6',
  block: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM6 6l12 12',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20.5 20.5',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15ZM10 21h4',
  warning: 'M12 4 2.8 20h18.4ZM12 10v4.5M12 17.3h.01',
  copy: 'M9 9h10v11H9ZM5 15V4h10',
  signal: 'M5 18v-3M10 18v-6M15 18V9M20 18V5',
} as const
export type IconName = keyof typeof paths

/** A picture beside or instead of words; the words are said elsewhere. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" data-name={name} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
