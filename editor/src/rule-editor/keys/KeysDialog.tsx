import './keys.css'
import { Dialog } from '../../components/Dialog'
import { useLanguage } from '../../core/language'
import { useSay } from '../messages'
import { KEYS, ON_A_MAC } from './words'

/** Every key that does something in the editor, and what. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <Dialog title={say('keysTitle')} onClose={onClose} wide>
      <dl className="re-key-list">
        {KEYS.map(({ keys, does }) => (
          <div key={keys[0]} style={{ display: 'contents' }}>
            <dt>{keys.map((one) => <kbd key={one}>{one}</kbd>)}</dt>
            <dd>{does[language]}</dd>
          </div>))}
      </dl>
      <p className="re-hint">{ON_A_MAC[language]}</p>
    </Dialog>
  )
}
