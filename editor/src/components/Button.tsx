import type { ButtonHTMLAttributes, AnchorHTMLAttributes } from 'react'
import { Link } from '../app/router'

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger'

interface Look {
  kind?: ButtonKind
  small?: boolean
}

const look = ({ kind = 'plain', small }: Look, className?: string): string =>
  ['button', `button-${kind}`, small ? 'button-small' : '', className ?? ''].filter(Boolean).join(' ')

export function Button({ kind, small, className, type = 'button', ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & Look) {
  return <button type={type} className={look({ kind, small }, className)} {...rest} />
}

/** Looks like a button, leads somewhere. */
export function ButtonLink({ kind, small, className, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & Look & { href: string }) {
  return <Link className={look({ kind, small }, className)} {...rest} />
}
