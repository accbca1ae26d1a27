/** A key made of a name: what a new rule is called until somebody says otherwise. */
export function keyFrom(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64) || 'new-rule'
}
