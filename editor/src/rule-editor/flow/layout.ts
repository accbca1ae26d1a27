/** Where the steps of a rule stand in its picture: layer under layer, ways side by side, and nothing over anything. */

import type { Flow, Step, Way } from './steps'

export interface Placed {
  readonly id: string
  readonly step: Step | null
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Line {
  readonly from: string
  readonly to: string
  readonly label: string
  /** Drawn in dashes: not the next step, but what holds all along. */
  readonly beside: boolean
  /** Which part of its way down a line goes before it turns aside: where ways part or come together, and nothing stands. */
  readonly turn: number
}

export interface Picture {
  readonly nodes: readonly Placed[]
  readonly lines: readonly Line[]
  readonly width: number
  readonly height: number
}

export const WIDTH = 200
const BESIDE = 28
const BELOW = 40
/** A way in which nothing happens is a dot. */
const DOT = 10
const PASSING = 72

type Untold = Omit<Line, 'turn'>

interface Tail {
  readonly id: string
  readonly label: string
}

/** Places all steps. The same rule is always drawn alike. */
export function layout({ steps, beside }: Flow): Picture {
  const nodes: Placed[] = []
  const lines: Untold[] = []
  const width = Math.max(widthOf(steps), beside.length * (WIDTH + BESIDE) - BESIDE)
  const column = place(steps, 0, width, 0, [], nodes, lines)
  let height = column.bottom
  beside.forEach((step, at) => {
    const x = (width - beside.length * (WIDTH + BESIDE) + BESIDE) / 2 + at * (WIDTH + BESIDE)
    nodes.push({ id: step.pointer, step, x, y: column.bottom + BELOW, width: WIDTH, height: heightOf(step) })
    height = Math.max(height, column.bottom + BELOW + heightOf(step))
    const tails = column.tails.length > 0 ? column.tails : [{ id: nodes[0]?.id ?? '', label: '' }]
    lines.push(...tails.map((tail) => ({ from: tail.id, to: step.pointer, label: tail.label, beside: true })))
  })
  const at = new Map(nodes.map((one) => [one.id, one]))
  return { nodes, lines: lines.map((one) => ({ ...one, turn: turnOf(one, at.get(one.from), at.get(one.to)) })), width, height }
}

function turnOf({ label }: Untold, from: Placed | undefined, to: Placed | undefined): number {
  const down = from === undefined || to === undefined ? 0 : to.y - from.y - from.height
  if (down <= BELOW) return 0.5
  return label === '' ? 1 - BELOW / 2 / down : BELOW / 2 / down
}

/** As high as its words need, by a generous guess: letters of Chinese are twice as wide. */
export function heightOf({ text }: Step): number {
  const wide = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0)
  return 38 + Math.min(MOST_LINES, Math.ceil(wide / 22)) * 18
}

export const MOST_LINES = 6

function widthOf(steps: readonly Step[]): number {
  return Math.max(WIDTH, ...steps.map((one) => waysWidth(one.ways)))
}

function waysWidth(ways: readonly Way[]): number {
  return ways.reduce((sum, one) => sum + wayWidth(one) + BESIDE, -BESIDE)
}

function wayWidth({ steps }: Way): number {
  return steps.length === 0 ? PASSING : widthOf(steps)
}

function place(steps: readonly Step[], left: number, width: number, top: number, from: readonly Tail[], nodes: Placed[], lines: Untold[]): { bottom: number; tails: readonly Tail[] } {
  let y = top
  let tails = from
  for (const step of steps) {
    const height = heightOf(step)
    nodes.push({ id: step.pointer, step, x: left + (width - WIDTH) / 2, y, width: WIDTH, height })
    lines.push(...tails.map((tail) => ({ from: tail.id, to: step.pointer, label: tail.label, beside: false })))
    y += height
    tails = step.ends ? [] : [{ id: step.pointer, label: '' }]
    if (step.ways.length > 0) ({ bottom: y, tails } = placeWays(step, left + (width - waysWidth(step.ways)) / 2, y + BELOW, nodes, lines))
    y += BELOW
  }
  return { bottom: y - BELOW, tails }
}

function placeWays(step: Step, left: number, top: number, nodes: Placed[], lines: Untold[]): { bottom: number; tails: readonly Tail[] } {
  let x = left
  let bottom = top
  const tails: Tail[] = []
  const dots: Omit<Placed, 'y'>[] = []
  step.ways.forEach((way, at) => {
    const width = wayWidth(way)
    const from = { id: step.pointer, label: way.label }
    if (way.steps.length === 0) {
      const id = `${step.pointer}/${at}/nothing`
      dots.push({ id, step: null, x: x + (width - DOT) / 2, width: DOT, height: DOT })
      lines.push({ from: from.id, to: id, label: from.label, beside: false })
      tails.push({ id, label: '' })
    } else {
      const made = place(way.steps, x, width, top, [from], nodes, lines)
      tails.push(...made.tails)
      bottom = Math.max(bottom, made.bottom)
    }
    x += width + BESIDE
  })
  // Beside the last of the other ways, so that the line goes round all of them.
  nodes.push(...dots.map((dot) => ({ ...dot, y: bottom - DOT })))
  return { bottom, tails }
}
