import { useZone } from '../../app/zone'
import { localeOf } from '../../core/amounts'
import { useLanguage } from '../../core/language'
import { useSay } from '../messages'

export interface SaveStateProps {
  readonly changed: boolean
  readonly busy: boolean
  /** Whether what isn't saved is safe in this browser. */
  readonly kept: boolean
  /** Whether the server did not answer, and it is saved as soon as it does. */
  readonly waiting: boolean
  readonly savedAt: Date | null
}

/** Where what is typed is at the moment. */
export function SaveState({ changed, busy, kept, waiting, savedAt }: SaveStateProps) {
  const say = useSay()
  const { language } = useLanguage()
  const zone = useZone()
  const clock = (at: Date): string => new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
  // Each new try is quiet: what was said of the last one stays until one succeeds.
  const text = busy && !waiting ? say('saving')
    : changed ? say(!kept ? 'unsaved' : waiting ? 'waitingKept' : 'keptHere')
      : savedAt === null ? '' : say('savedAt', { time: clock(savedAt) })
  return text === '' ? null : <span className={waiting ? 're-hint re-saved re-warning' : 're-hint re-saved'}>{text}</span>
}
