/** Line icons by the names that the schema uses; a name that isn't drawn here gets a plain mark. */
const PATHS: Record<string, string> = {
  bolt: 'M13 3 5 13.5h5.5L9.5 21 18 10.5h-5.5z',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2',
  'clock-off': 'M6 6a8.5 8.5 0 0 0 12 12M8.5 4.2A8.5 8.5 0 0 1 19.8 15.5M3.5 3.5l17 17',
  group: 'M4 6h16M8 12h12M8 18h12',
  filter: 'M4 5h16l-6.2 7.4V19l-3.6-2v-4.6z',
  play: 'M8 5.5 18.5 12 8 18.5z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.900 2 7.500 6',
  activity: 'M3.500 12.500H7L10 5l4 14 3-6.500h3.500',
  tag: 'M4 4h7.500l8.500 8.500-7.500 7.500L4 11.500zM8 8h.01',
  'tag-off': 'M4 9V4h5M13 5.500l7 7-3 3m-2.500 2.500-2 2L4 11.500M3.500 3.500l17 17',
  coupon: 'M4 7h16v3.500a1.500 1.500 0 0 0 0 3V17H4v-3.500a1.500 1.500 0 0 0 0-3zM14 7v10',
  star: 'm12 4 2.400 5.200 5.600.6-4.200 3.800 1.200 5.600L12 16.300 7 19.200l1.200-5.600L4 9.800l5.600-.6z',
  message: 'M4 5.500h16v11H10.500L6 20v-3.500H4z',
  webhook: 'M9 15.500a4 4 0 1 1-4-4M12 8.500 9 15M15 8a3.500 3.500 0 1 0-5 2.500M12 8l3.500 6.500M14 18a3.500 3.500 0 1 0 2.500-4.500',
  hourglass: 'M7 4h10M7 20h10M8 4c0 4 3 5.500 4 8-1 2.500-4 4-4 8M16 4c0 4-3 5.500-4 8 1 2.500 4 4 4 8',
  exit: 'M13 4.500H5.500v15H13M10.500 12H20M16.500 8.500 20 12l-3.500 3.500',
  shield: 'M12 3.500 19 6v5.500c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6z',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  plus: 'M12 5v14M5 12h14',
  up: 'm6 14.500 6-6 6 6',
  down: 'm6 9.500 6 6 6-6',
  in: 'M4 6v8h11M11.500 10.500 15 14l-3.500 3.500',
  out: 'M20 6v8H9M12.500 10.500 9 14l3.500 3.500',
  copy: 'M8.500 8.500h11v11h-11zM15.500 8.500v-4h-11v11h4',
  close: 'm6.500 6.500 11 11M17.500 6.500l-11 11',
  undo: 'M9 6 4.500 10.500 9 15M5 10.500h9a5 5 0 0 1 0 10h-3',
  redo: 'm15 6 4.500 4.500L15 15M19 10.500h-9a5 5 0 0 0 0 10h3',
  check: 'm5.500 12.500 4.500 4.500L18.500 7.500',
}

export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  return (
    <svg className="re-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name] ?? 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16'} />
    </svg>
  )
}
