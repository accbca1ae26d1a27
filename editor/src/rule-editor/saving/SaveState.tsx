import { useZone } from '../../app/zone'
import { localeOf } from '../../core/amounts'
import { useLanguage } from '../../core/language'
import { useSay } from '../messages'

export interface SaveStateProps {
  readonly changed: boolean
  readonly busy: boolean
  /** Whether what isn't saved is safe in this browser. */
  readonly kept: boolean
  /** Whether the server could not be reached. */
  readonly offline: boolean
  readonly savedAt: Date | null
}

/** Where what is typed is at the moment. */
export function SaveState({ changed, busy, kept, offline, savedAt }: SaveStateProps) {
  const say = useSay()
  const { language } = useLanguage()
  const zone = useZone()
  const clock = (at: Date): string => new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
  const text = busy ? say('saving')
    : changed ? say(!kept ? 'unsaved' : offline ? 'offlineKept' : 'keptHere')
      : savedAt === null ? '' : say('savedAt', { time: clock(savedAt) })
  return text === '' ? null : <span className="re-hint re-saved">{text}</span>
}
