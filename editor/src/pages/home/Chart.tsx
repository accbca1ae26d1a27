import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import { useNumber } from '../../components/Time'
import { useTheme } from '../../core/theme'
import type { Drawn } from './days'

const HEIGHT = 200
const BARS = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 })

/** The colour that a token stands for right now: a canvas knows no `light-dark()`. */
function colourOf(host: Element, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

interface Look { dayOf: (place: number) => string; number: (value: number) => string; onDay: (place: number | null) => void }

function optionsOf(host: HTMLElement, { dayOf, number, onDay }: Look): uPlot.Options {
  const quiet = colourOf(host, '--ink-quiet')
  const lines = { stroke: colourOf(host, '--line'), width: 1 }
  const font = `12px ${getComputedStyle(host).fontFamily}`
  return {
    width: host.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] }, y: { range: (_, __, high) => [0, Math.max(4, high * 1.1)] } },
    axes: [
      { stroke: quiet, font, size: 30, grid: { show: false }, ticks: { show: false }, space: 64, incrs: [1, 2, 5, 7, 10, 15], values: (_, places) => places.map((one) => (Number.isInteger(one) ? dayOf(one) : '')) },
      { stroke: quiet, font, grid: lines, ticks: { show: false }, size: (_, values) => 14 + 7 * Math.max(...(values ?? ['']).map((one) => one.length)), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1e8], values: (_, values) => values.map(number) },
    ],
    series: [{}, { fill: colourOf(host, '--indigo'), stroke: colourOf(host, '--indigo'), width: 0, paths: BARS, points: { show: false } }],
    hooks: { setCursor: [(plot) => onDay(plot.cursor.idx ?? null)] },
  }
}

/** Bars, one a day, in the colours of the page. What they say stands in `label`, and in the table beside them. */
export function Chart({ label, drawn, dayOf }: { label: string; drawn: Drawn; dayOf: (place: number) => string }) {
  const host = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const number = useNumber()
  const [place, setPlace] = useState<number | null>(null)
  const look = useRef({ dayOf, number })
  look.current = { dayOf, number }
  const data = JSON.stringify([drawn.places, drawn.values])
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const { dayOf, number } = look.current
    const plot = new uPlot(optionsOf(element, { dayOf, number, onDay: setPlace }), JSON.parse(data) as uPlot.AlignedData, element)
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    sized.observe(element)
    return () => {
      sized.disconnect()
      plot.destroy()
    }
    // Drawn anew when the colours change, and when the label does: it changes with the language.
  }, [data, theme, label])
  const value = place === null ? undefined : drawn.values[place]
  return (
    <>
      <div ref={host} className="hm-chart" role="img" aria-label={label} />
      <p className="hm-hovered small quiet" aria-hidden="true">{place === null || value === undefined ? label : `${dayOf(place)}: ${number(value)}`}</p>
    </>
  )
}
