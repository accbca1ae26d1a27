import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { everyDay, type Day } from './figures'

const HEIGHT = 150

interface DayChartProps {
  days: readonly Day[]
  label: string
  names: readonly [fired: string, cost: string]
  money: (minor: number) => string
}

/** Matches as bars and cost as a line, by day. The table beside it says the same to who can't see it. */
export default function DayChart({ days, label, names: [fired, cost], money }: DayChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const said = useRef(money)
  said.current = money
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    let chart = draw(element, days, fired, cost, said.current)
    const again = (): void => {
      chart.destroy()
      chart = draw(element, days, fired, cost, said.current)
    }
    const sized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }))
    sized.observe(element)
    // Colours are read when it is drawn: by day and by night it is drawn anew.
    const themed = new MutationObserver(again)
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style', 'class'] })
    const night = matchMedia('(prefers-color-scheme: dark)')
    night.addEventListener('change', again)
    return () => {
      sized.disconnect()
      themed.disconnect()
      night.removeEventListener('change', again)
      chart.destroy()
    }
  }, [days, fired, cost])
  return <div ref={place} className="bt-chart" role="img" aria-label={label} />
}

function draw(element: HTMLElement, days: readonly Day[], fired: string, cost: string, money: (minor: number) => string): uPlot {
  const rows = everyDay(days)
  // A custom property holds its text; a colour that uses it holds what it means by day or by night.
  const probe = element.appendChild(document.createElement('span'))
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const [ink, line, bars, stroke] = [colour('--ink-quiet'), colour('--line'), colour('--indigo'), colour('--amber')]
  probe.remove()
  const paid = rows.some((one) => one.cost > 0)
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '11px system-ui' }
  return new uPlot({
    width: element.clientWidth, height: HEIGHT, tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
    cursor: { drag: { x: false, y: false } }, legend: { live: false },
    scales: { count: { range: (_, __, most) => [0, Math.max(1, most)] }, cost: { range: (_, __, most) => [0, Math.max(1, most)] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, at) => at.map((one) => new Date(one * 1000).toISOString().slice(5, 10)), space: 60 },
      { ...axis, scale: 'count', size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000] },
      ...(paid ? [{ ...axis, scale: 'cost', side: 1 as const, size: 64, grid: { show: false }, values: (_: uPlot, at: number[]) => at.map(money) }] : []),
    ],
    series: [
      {},
      { label: fired, scale: 'count', stroke: bars, fill: bars, paths: uPlot.paths.bars?.({ size: [0.7, 40] }), points: { show: false } },
      ...(paid ? [{ label: cost, scale: 'cost', stroke, width: 2, points: { show: rows.length < 40, stroke } }] : []),
    ],
  }, [rows.map((one) => Date.parse(one.day) / 1000), rows.map((one) => one.fired), ...(paid ? [rows.map((one) => one.cost)] : [])], element)
}
