import { Button } from '../../components/Button'
import { Time } from '../../components/Time'
import { spoken, useLanguage } from '../../core/language'
import type { Kept } from './kept'

const WORDS = {
  title: spoken('Typed here and not saved', '在此输入但未保存的内容'),
  restore: spoken('Restore what you typed', '恢复未保存的内容'),
  discard: spoken('Discard it', '放弃'),
}

interface OfferedProps {
  kept: Kept
  onRestore: () => void
  onDiscard: () => void
}

/** Offers what somebody typed into this rule before and never saved. */
export default function Offered({ kept, onRestore, onDiscard }: OfferedProps) {
  const { language } = useLanguage()
  return (
    <section className="re-said-of re-offered" aria-label={WORDS.title[language]}>
      <p>{WORDS.title[language]} · <Time at={kept.at} /></p>
      <p><Button small onClick={onRestore}>{WORDS.restore[language]}</Button>{' '}<Button small onClick={onDiscard}>{WORDS.discard[language]}</Button></p>
    </section>
  )
}
