import '@xyflow/react/dist/base.css'
import './flow.css'
import { Controls, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, type BuiltInEdge, type Node, type NodeProps } from '@xyflow/react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { JsonObject } from '../../core/schema'
import { useEditing } from '../context'
import { focusOn } from '../focus'
import { useSay } from '../messages'
import { layout, type Picture, type Placed } from './layout'
import { flowOf } from './steps'
import { WORDS } from './words'

type StepNode = Node<{ placed: Placed }, 'step'>

const NODES = { step: StepBox }
const LEAST_ZOOM = 0.3
const READABLE = 0.7

/** What the rule does as a picture; the cards stay the place where it is written. */
export default function FlowTab({ rule }: { rule: JsonObject }) {
  const { root, catalogue, language } = useEditing()
  const say = useSay()
  const picture = useMemo(
    () => layout(flowOf(rule, root, catalogue, language, { when: say('when'), if: say('if'), exit: say('exit'), goal: say('goal') })),
    [rule, root, catalogue, language, say])
  return (
    <div className="rf">
      <p className="re-hint">{WORDS.intro[language]}</p>
      <ReactFlowProvider><Drawn picture={picture} /></ReactFlowProvider>
    </div>
  )
}

function Drawn({ picture }: { picture: Picture }) {
  const { language } = useEditing()
  const flow = useReactFlow()
  const pane = useRef<HTMLDivElement>(null)
  const [wide, setWide] = useState(0)
  useLayoutEffect(() => {
    const element = pane.current
    if (element === null) return
    const watch = new ResizeObserver(() => setWide(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  // As large as can be read; what is wider than that is moved by hand.
  const zoom = Math.min(1, Math.max(READABLE, (wide - 2 * EDGE) / picture.width))
  const x = (wide - picture.width * zoom) / 2
  useLayoutEffect(() => {
    if (wide > 0) void flow.setViewport({ x, y: EDGE, zoom })
  }, [flow, wide, x, zoom])
  const nodes = useMemo(() => picture.nodes.map((placed): StepNode => ({
    id: placed.id, type: 'step', position: { x: placed.x, y: placed.y }, width: placed.width, height: placed.height, data: { placed },
    domAttributes: { 'aria-roledescription': WORDS.step[language] },
  })), [picture, language])
  const edges = useMemo(() => picture.lines.map(({ from, to, label, beside, turn }): BuiltInEdge => ({
    id: `${from} ${to} ${label}`, source: from, target: to, label, type: 'smoothstep', className: beside ? 'rf-beside' : '', focusable: false,
    pathOptions: { stepPosition: turn },
  })), [picture])
  return (
    <div ref={pane} className="rf-pane" role="group" aria-label={WORDS.picture[language]} style={{ height: Math.round(picture.height * zoom) + 2 * EDGE + CONTROLS }}>
      {wide > 0 && (
        <ReactFlow nodes={nodes} edges={edges} nodeTypes={NODES} defaultViewport={{ x, y: EDGE, zoom }} minZoom={LEAST_ZOOM} maxZoom={1.5}
          nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false}
          zoomOnScroll={false} zoomOnDoubleClick={false} preventScrolling={false} proOptions={{ hideAttribution: true }}
          ariaLabelConfig={{
            'controls.ariaLabel': WORDS.controls[language], 'controls.zoomIn.ariaLabel': WORDS.zoomIn[language],
            'controls.zoomOut.ariaLabel': WORDS.zoomOut[language], 'controls.fitView.ariaLabel': WORDS.fit[language],
            'node.a11yDescription.default': WORDS.goTo[language], 'edge.a11yDescription.default': WORDS.edge[language],
            'handle.ariaLabel': WORDS.edge[language],
          }}>
          <Controls showInteractive={false} orientation="horizontal" position="bottom-right" fitViewOptions={{ maxZoom: 1 }} />
        </ReactFlow>)}
    </div>
  )
}

const EDGE = 14
const CONTROLS = 34

/** One step; a button, so that the keyboard reaches it in the order in which it is drawn. */
function StepBox({ data: { placed } }: NodeProps<StepNode>) {
  const { language } = useEditing()
  const flow = useReactFlow()
  const { step, width, height } = placed
  const seen = (): void => {
    // The picture moves under its frame, so the browser cannot bring a step into sight by itself.
    const box = document.querySelector(`[data-id="${CSS.escape(placed.id)}"]`)?.getBoundingClientRect()
    const frame = document.querySelector('.rf-pane')?.getBoundingClientRect()
    if (box === undefined || frame === undefined || (box.left >= frame.left && box.right <= frame.right)) return
    const view = flow.getViewport()
    void flow.setViewport({ ...view, x: frame.width / 2 - (placed.x + width / 2) * view.zoom })
  }
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {step === null
        ? <span className="rf-dot" />
        : (
          <button type="button" className={`rf-step rf-${step.tone} nodrag nopan`} style={{ width, height }} title={WORDS.goTo[language]}
            onFocus={seen} onClick={() => focusOn(step.pointer, `/${step.pointer.split('/')[1] ?? ''}`)}>
            <span className="rf-title">{step.title}</span>
            <span className="rf-text">{step.text}</span>
          </button>)}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  )
}
