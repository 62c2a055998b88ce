import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'

/** A picture without its sound. */
export function Picture({
  stream,
  kind,
}: {
  readonly stream: MediaStream | undefined
  readonly kind: string
}) {
  const element = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const { current } = element
    if (!current) return
    current.srcObject = stream ?? null
    void current.play().catch(() => undefined)
  }, [stream])
  return <video ref={element} class={kind} muted autoplay playsInline />
}

type Speaker = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

/** What the other side says, from the speaker that was chosen. */
export function Sound({ line }: { readonly line: Line }) {
  const { preferences } = useApp()
  const element = useRef<Speaker>(null)
  const stream = line.remote.value
  const speaker = preferences.speaker.value
  const isSilent = line.notice.value === 'silent'
  useEffect(() => {
    const { current } = element
    if (!current || !stream) return
    current.srcObject = stream
    current.play().catch((error: Error) => {
      if (error.name === 'NotAllowedError') line.notice.value = 'silent'
    })
  }, [stream, isSilent])
  useEffect(() => {
    void element.current?.setSinkId?.(speaker).catch(() => undefined)
  }, [speaker])
  // biome-ignore lint/a11y/useMediaCaption: what somebody says right now has no captions
  return <audio ref={element} autoplay />
}
