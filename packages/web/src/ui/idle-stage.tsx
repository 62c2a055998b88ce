import { Board } from '../parts/brand.js'
import { useApp } from '../state/app.js'
import { OwnNumber } from './own-number.js'

/** What a wide screen shows while nobody is looked at and nobody speaks. */
export function IdleStage() {
  const name = useApp().people.me.value?.firstname
  return (
    <div class="idle">
      <Board />
      {name !== undefined && <p class="idle-name">{name}</p>}
      <OwnNumber />
    </div>
  )
}
