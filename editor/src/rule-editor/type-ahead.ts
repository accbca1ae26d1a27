import { useRef } from 'react'

const PAUSE_MS = 1_000

/** Collects the letters that are typed in a row; after a pause they begin anew. A space begins nothing. */
export function useTypeAhead(): (event: { key: string; timeStamp: number; altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => string {
  const typed = useRef({ text: '', at: 0 })
  return ({ key, timeStamp, altKey, ctrlKey, metaKey }) => {
    const before = timeStamp - typed.current.at < PAUSE_MS ? typed.current.text : ''
    if ([...key].length !== 1 || altKey || ctrlKey || metaKey || (key === ' ' && before === '')) return ''
    typed.current = { text: before + key.toLowerCase(), at: timeStamp }
    return typed.current.text
  }
}

/** The place of the first choice that begins so; failing that, of the first in which a word does. Or -1. */
export function placeOf(typed: string, choices: readonly (readonly string[])[]): number {
  const said = choices.map((names) => names.map((one) => one.toLowerCase()))
  const begins = said.findIndex((names) => names.some((one) => one.startsWith(typed)))
  return begins >= 0 ? begins : said.findIndex((names) => names.some((one) => one.split(/[\s_-]+/).some((word) => word.startsWith(typed))))
}
